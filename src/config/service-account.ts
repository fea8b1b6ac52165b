import { z } from 'zod'

const keyFile = z.object({
  project_id: z.string().min(1),
  client_email: z.string().min(3),
  private_key: z.string().includes('PRIVATE KEY'),
})

/**
 * The text of a Google service account key file, as three fields named like firebase-admin's `ServiceAccount`.
 * An error never quotes the text.
 */
export const serviceAccountJson = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' })
      return z.NEVER
    }
  })
  .pipe(keyFile)
  .transform(key => ({ projectId: key.project_id, clientEmail: key.client_email, privateKey: key.private_key }))
