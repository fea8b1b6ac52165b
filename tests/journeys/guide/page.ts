import { type Chapter, missingOf, type Row } from './row.ts'

const heading = ['In the guide', 'Here', 'Job', 'Fields', 'Errors']

/** `docs/guide-map.md`: one table per section of the guide. */
export function guideMap(chapters: readonly Chapter[]): string {
  const rows = chapters.flatMap(chapter => chapter.rows)
  return [
    '# The guide map',
    '',
    'What takes the place of each class, function, event, route, field and setting of the platform’s integration guide. Each row that works',
    'has a test of its own, which does through the real door what the row says; the others name what will be called. To begin with, read',
    '[from Flask](upstream/flask.md) or [from Node](upstream/node.md).',
    '',
    `${rows.filter(row => missingOf(row) === null).length} of ${rows.length} rows work. This page is written from \`tests/journeys/guide\` by its tests.`,
    ...chapters.flatMap(section),
    '',
  ].join('\n')
}

function section({ title, about, rows }: Chapter): string[] {
  return [
    '',
    `## ${title}`,
    '',
    ...(about === '' ? [] : [about, '']),
    line(heading),
    line(heading.map(() => '---')),
    ...rows.map(row => line(cells(row))),
  ]
}

function cells(row: Row): string[] {
  const missing = missingOf(row)
  const here = missing === null ? row.here : `*Not built yet (${missing}):* ${row.here}`
  return [symbolsOf(row), here, row.jobs.map(code).join(', '), row.fields, row.errors]
}

/** The row's symbols but for the keys of its own function, which are no more than details of it. */
function symbolsOf({ guide: [first, ...others] }: Row): string {
  const own = `${first.replace(/^def /, '')}: `
  return [first, ...others.filter(symbol => !symbol.startsWith(own))].map(shown).join(', ')
}

/** `route /x` is shown with code for the path alone, `f: key` with code for both. */
function shown(symbol: string): string {
  const [, scope = '', returns = '', key = ''] = /^([\w.]+): (returns )?(\w+)$/.exec(symbol) ?? []
  if (key !== '') return returns === '' ? `${code(scope)}: ${code(key)}` : `${code(scope)} returns ${code(key)}`
  const words = symbol.split(' ')
  const name = words.pop() ?? ''
  if (words[0] === 'def') return code(`${name}()`)
  return [...words, code(name)].join(' ')
}

function code(text: string): string {
  return `\`${text}\``
}

function line(texts: readonly string[]): string {
  return `| ${texts.map(text => text.replaceAll('|', '\\|')).join(' | ')} |`
}
