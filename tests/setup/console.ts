import { format } from 'node:util'
import { afterEach } from 'vitest'

const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const
const written: string[] = []

// A test that expects output claims it with vi.spyOn(console, …), which takes our place until it is restored.
for (const method of METHODS) {
  console[method] = (...values: unknown[]) => {
    written.push(`console.${method}: ${format(...values)}`)
  }
}

afterEach(() => {
  const found = written.splice(0)
  if (found.length > 0) throw new Error(`Unexpected console output:\n${found.join('\n')}`)
})
