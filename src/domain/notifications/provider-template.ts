/** The id of a dynamic template, as SendGrid makes it. */
const providerTemplate = /^d-[0-9a-f]{32}$/

/** Whether a message is written by a template that the mail provider keeps, and so is a mail and nothing else. */
export function isProviderTemplate(template: string): boolean {
  return providerTemplate.test(template)
}

/** Variables of a provider's template that are missing or empty: it would show a hole. Null for a template nobody has declared. */
export function missingVariables(
  templates: Readonly<Record<string, readonly string[]>>,
  template: string,
  variables: Readonly<Record<string, unknown>>,
): string[] | null {
  if (!Object.hasOwn(templates, template)) return null
  const needed = templates[template] ?? []
  return needed.filter(name => isHole(Object.hasOwn(variables, name) ? variables[name] : undefined))
}

function isHole(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
