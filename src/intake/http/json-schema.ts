import { z } from 'zod'

/** A zod schema as JSON Schema 2020-12, the dialect of OpenAPI 3.1; `input` is what a caller may send. */
export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...bare } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // The format says it all; its pattern is noise to a reader.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
    },
  })
  return bare
}
