import { z } from 'zod'

/** The body of every refusal (RFC 9457). */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('/problems/<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().describe('this one occurrence: the id of the request in our log'),
    errors: z
      .array(
        z.object({
          field: z.string().describe('a JSON pointer into the body (RFC 6901), or the name of a query option'),
          rule: z.string(),
          message: z.string(),
        }),
      )
      .optional()
      .describe('each field that was refused'),
  })
  .meta({ title: 'Problem' })
