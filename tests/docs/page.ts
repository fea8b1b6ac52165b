import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A fenced block of a page: its language, the words behind it, its text. */
export interface Block {
  readonly language: string
  readonly words: readonly string[]
  readonly text: string
}

const fence = /^```(?<language>\w+)?(?<words>[^\n]*)\n(?<text>[\s\S]*?)^```$/gm

/** The fenced blocks of a page below `docs/`, in their order. */
export async function blocksOf(page: string): Promise<Block[]> {
  const text = await readFile(join(import.meta.dirname, '../../docs', page), 'utf8')
  return [...text.matchAll(fence)].map(({ groups }) => ({
    language: groups?.language ?? '',
    words: (groups?.words ?? '').split(' ').filter(word => word !== ''),
    text: groups?.text ?? '',
  }))
}
