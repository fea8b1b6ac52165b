import { isRecord } from '../json.ts'
import { docComment, printType } from './print-type.ts'

/** The text of `answers.ts`: the answers of the operations under /v1, read off the OpenAPI description, and all problems. */
export function printAnswers(
  description: unknown,
  problems: Readonly<Record<string, { readonly title: string }>>,
): string {
  const operations = new Map<string, string>()
  const named = new Map<string, string>()
  for (const { path, method, operation } of operationsOf(description)) {
    const key = `${method.toUpperCase()} ${path}`
    const answers = answersOf(operation, { whole: description, named })
    if (operations.has(key) || answers === '') continue
    const about = docComment(path.endsWith('{name}') ? 'Make a job' : operation['summary'])
    operations.set(key, `${about}${JSON.stringify(key)}: {\n${answers}\n}`)
  }
  return `
// Written from the API's description by \`vitest run -u --project unit tests/client/generated.test.ts\`; do not edit.
/* oxlint-disable max-lines */

${[...named].map(([title, type]) => `type ${title} = ${type}`).join('\n\n')}

/** What each operation answers as JSON, by status. */
export interface Answers {
${[...operations.values()].join('\n')}
}

/** Every problem the service answers, by the last part of its type. */
export type ProblemCode =
${Object.entries(problems)
  .map(([code, { title }]) => `/** ${title}. */\n| ${JSON.stringify(code)}`)
  .join('\n')}
`
}

function* operationsOf(description: unknown) {
  const paths = isRecord(description) && isRecord(description['paths']) ? description['paths'] : {}
  for (const [described, methods] of Object.entries(paths)) {
    if (!described.startsWith('/v1/') || !isRecord(methods)) continue
    // Each job type is described at an address of its own; all are answered alike.
    const path = described.replace(/^\/v1\/jobs\/[a-z-]+\.[a-z-]+$/, '/v1/jobs/{name}')
    for (const [method, operation] of Object.entries(methods)) {
      if (isRecord(operation)) yield { path, method, operation }
    }
  }
}

function answersOf(
  { responses }: Record<string, unknown>,
  source: { readonly whole: unknown; readonly named: Map<string, string> },
): string {
  if (!isRecord(responses)) return ''
  const lines = Object.entries(responses).flatMap(([status, response]) => {
    const content = isRecord(response) && isRecord(response['content']) ? response['content'] : {}
    const json = content['application/json']
    if (!/^2\d\d$/.test(status) || !isRecord(json)) return []
    return [`readonly ${status}: ${printType(json['schema'], source)}`]
  })
  return lines.join('\n')
}
