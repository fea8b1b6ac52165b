import { type Chapter, missingOf, nameOf, type Row } from './row.ts'

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
  const here = missingOf(row) === null ? row.here : `*Not built yet.* ${row.here}`
  return [`\`${nameOf(row)}\``, here, row.jobs.map(job => `\`${job}\``).join(', '), row.fields, row.errors]
}

function line(texts: readonly string[]): string {
  return `| ${texts.map(text => text.replaceAll('|', '\\|')).join(' | ')} |`
}
