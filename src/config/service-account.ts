import { z } from 'zod'
import { jsonText } from './values.ts'

const keyFile = z.object({
  project_id: z.string().min(1),
  client_email: z.string().min(3),
  private_key: z.string().includes('PRIVATE KEY'),
})

/**
 * The text of a Google service account key file, as three fields named like firebase-admin's `ServiceAccount`.
 * An error never quotes the text.
 */
export const serviceAccountJson = jsonText
  .pipe(keyFile)
  .transform(key => ({ projectId: key.project_id, clientEmail: key.client_email, privateKey: key.private_key }))
