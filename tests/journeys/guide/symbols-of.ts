/** Variables of the guide's Python that hold a row of a model. */
const modelOf: Readonly<Record<string, string>> = {
  user: 'User',
  'booking.guest': 'User',
  booking: 'Booking',
  place: 'Place',
  a: 'Amenity',
  preferences: 'UserPreference',
  chat_message: 'ChatMessage',
}
const models = [
  'User',
  'UserPreference',
  'Booking',
  'Place',
  'Message',
  'ChatMessage',
  'BlockedPeriod',
  'AnalyticsEvent',
]

const anywhere: readonly (readonly [pattern: RegExp, symbol: (...groups: string[]) => string])[] = [
  [/── ([a-z]+\.[a-z]+)$/g, event => `event ${event}`],
  [/@app\.route\('([^']+)'/g, path => `route ${path}`],
  [/@socketio\.on\('(\w+)'/g, event => `socket on ${event}`],
  [/\bemit\('(\w+)'/g, event => `socket emits ${event}`],
  [/headers\.get\('([\w-]+)'\)/g, header => `header ${header}`],
  [/'(emails\/\w+\.html)'/g, template => `template ${template}`],
  [/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g, constant => constant],
  [/\braise (\w+)\(/g, error => `error ${error}`],
  [/f"([a-z]+:[a-z_]+):\{/g, key => `Redis key ${key}`],
  [/^\s+(?:return )?(?:self\.)?([a-z]+(?:_[a-z]+)+)\(/g, called => `calls ${called}`],
  [/\b([A-Z]\w+Service)\(\)/g, service => `class ${service}`],
  [/\bself\.(\w+_service)\.(\w+)\(/g, (service, method) => `calls ${service}.${method}`],
  [
    /(?<!['─] ?)\b(booking\.guest|[a-z_]+)\.([a-z]\w*)/g,
    (row, field) => (modelOf[row] === undefined ? '' : `${modelOf[row]}.${field}`),
  ],
  [
    /\b([A-Z][a-zA-Z]+)\.([a-z]\w*)/g,
    (model, field) => (models.includes(model) && field !== 'query' ? `${model}.${field}` : ''),
  ],
]
/** Keys of dicts that a function writes, then those it reads. */
const keys = [/'(\w+)':/g, /\b(?:\w+)(?:\.get\(|\.add\(|\[)'(\w+)'/g]

/**
 * What a reader may look up in the platform's integration guide, in its order: classes, functions, the keys they write
 * and read (`Service.method: key`) and what they return, routes, events, headers, constants, errors, Redis keys and
 * fields of models.
 */
export function symbolsOf(guide: string): string[] {
  const found = new Set<string>()
  for (const [, block = ''] of guide.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)) {
    let owner = ''
    let scope = 'module'
    let builds = ''
    for (const line of block.split('\n')) {
      const [, name = ''] = /^class (\w+)/.exec(line) ?? []
      const [, indent, called = ''] = /^( *)def (\w+)/.exec(line) ?? []
      if (name !== '') found.add(`class ${(owner = scope = name)}`)
      else if (called !== '') found.add(`def ${(scope = indent === '' ? called : `${owner}.${called}`)}`)
      for (const [pattern, symbolOf] of anywhere) {
        for (const [, ...groups] of line.matchAll(pattern)) found.add(symbolOf(...groups))
      }
      for (const [, key] of keys.flatMap(pattern => [...line.matchAll(pattern)])) found.add(`${scope}: ${key}`)
      const [, returned] = /return .*\.([a-z]+(?:_[a-z]+)*)(?: == \d+)?$/.exec(line) ?? []
      if (returned !== undefined) found.add(`${scope}: returns ${returned}`)

      const [, model = ''] = /\b([A-Z][a-zA-Z]+)\($/.exec(line) ?? []
      const [, field] = /^\s+(\w+)=/.exec(line) ?? []
      if (model !== '') builds = model
      else if (field === undefined) builds = ''
      else if (models.includes(builds)) found.add(`${builds}.${field}`)
    }
  }
  found.delete('')
  return [...found]
}
