import { developmentDefaults } from './defaults.ts'
import { environment } from './schema.ts'
import { variableFacts } from './values.ts'

const header = `# Settings of hbnb-jobs. Everything is optional in development; copy to .env what you want to change.
# Node reads the file itself: node --env-file=.env workers/main.ts
`

/** The text of `.env.example`: every variable with its meaning, commented out, secrets marked. Made from the schema. */
export function renderEnvExample(): string {
  const development = new Map<string, string>(Object.entries(developmentDefaults({})))
  const blocks = Object.entries(environment.shape).map(([name, schema]) => {
    const facts = variableFacts.get(schema)
    if (facts === undefined) throw new Error(`${name} has no facts in the schema`)
    const unset = schema.safeParse(undefined).data
    const fallback =
      development.get(name) ??
      [unset ?? []]
        .flat()
        .filter(value => typeof value !== 'object')
        .join(',')
    const notes = [`expected ${facts.expected}`]
    if (facts.secret === true) notes.push('secret')
    if (fallback !== '') notes.push(`development default: ${fallback}`)
    return `# ${facts.about}\n# (${notes.join('; ')})\n#${name}=${facts.example}\n`
  })
  return [header, ...blocks].join('\n')
}
