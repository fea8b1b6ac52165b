import type { Request, Response } from 'express'
import { expectJson, readBody } from './read-body.ts'
import { type StrictJson, strictJson } from './strict-json.ts'

/** Reads a JSON body of at most `maxBytes`, compressed or not. Throws unsupported-media-type, body-too-large or bad-json. */
export async function jsonBody(request: Request, response: Response, maxBytes: number): Promise<StrictJson> {
  expectJson(request)
  return strictJson(await readBody(request, response, { maxBytes, inflate: true }))
}
