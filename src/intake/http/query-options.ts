import type { Request } from 'express'
import { z } from 'zod'
import type { Parameter } from './operation.ts'
import { type FieldFault, Problem } from './problem.ts'

/**
 * Reads the query options of a request by their schemas. An option may be repeated where its schema is an array.
 * Throws invalid-option naming each option that is unknown, repeated, missing or wrong.
 */
export function queryOf<Shape extends z.core.$ZodLooseShape>(
  request: Request,
  schema: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>> {
  const search = new URL(request.originalUrl, 'http://intake').searchParams
  const errors: FieldFault[] = []
  const given: Record<string, unknown> = {}
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name)
    if (!Object.hasOwn(schema.shape, name)) errors.push(unknown(name, Object.keys(schema.shape)))
    else if (takesMany(schema.shape[name])) given[name] = values
    else if (values.length > 1) errors.push({ field: shown(name), rule: 'repeated', message: 'may be given once' })
    else given[name] = values[0]
  }
  const parsed = schema.safeParse(given)
  const refused = new Set(errors.map(({ field }) => field))
  for (const { path, code, message } of parsed.error?.issues ?? []) {
    const field = shown(String(path[0] ?? ''))
    const rule = Object.hasOwn(given, field) ? code.replaceAll('_', '-') : 'required'
    if (!refused.has(field)) errors.push({ field, rule, message })
  }
  if (errors.length > 0 || !parsed.success) throw new Problem('invalid-option', { errors: errors.slice(0, maxFaults) })
  return parsed.data
}

/** The query options of a schema, for the description of an operation. */
export function queryParameters({ shape }: z.ZodObject<Record<string, z.ZodType>>): Parameter[] {
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    in: 'query',
    about: schema.description ?? '',
    schema,
    required: !schema.safeParse(undefined).success,
  }))
}

const maxFaults = 50
const maxNameChars = 100

function unknown(name: string, known: readonly string[]): FieldFault {
  const message = known.length > 0 ? `known are ${known.join(', ')}` : 'no options are taken here'
  return { field: shown(name), rule: 'unknown-option', message }
}

function shown(name: string): string {
  return name.slice(0, maxNameChars).toWellFormed()
}

function takesMany(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return takesMany(schema.unwrap())
  return schema instanceof z.ZodArray
}
