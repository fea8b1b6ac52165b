import { existsSync, globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted()
const link = /\]\((?!https?:|mailto:)(?<path>[^)#\s]*)(?:#(?<anchor>[^)\s]+))?\)/g

const text = async (page: string) => (await readFile(join(root, page), 'utf8')).replace(/^```[\s\S]*?^```$/gm, '')

/** As GitHub makes them from headings. */
function anchorsOf(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map(heading =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

test('sees the pages there are', () => {
  expect(pages).toContain('README.md')
  expect(pages).toContain('docs/concepts.md')
  expect(pages.length).toBeGreaterThan(8)
})

describe.each(pages)('%s', page => {
  test('every link of it leads somewhere', async () => {
    const broken: string[] = []
    for (const { groups } of (await text(page)).matchAll(link)) {
      const path = groups?.['path'] ?? ''
      const anchor = groups?.['anchor']
      const target = path === '' ? page : relative(root, resolve(root, dirname(page), path))
      const isThere = existsSync(join(root, target)) && !target.startsWith('..')
      if (!isThere) broken.push(target)
      else if (anchor !== undefined && target.endsWith('.md') && !anchorsOf(await text(target)).has(anchor)) {
        broken.push(`${target}#${anchor}`)
      }
    }
    expect(broken).toEqual([])
  })
})
