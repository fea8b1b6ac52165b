import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const artefacts = join(import.meta.dirname, '../../artefacts')

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A browser of the test's own that notes whatever a person would call broken. */
export interface TestBrowser {
  readonly page: Page
  /** A picture in `artefacts/`, under a stable name. */
  picture(name: string): Promise<void>
  /** Fails on errors in the console and on requests to anybody but our own servers, then forgets them. */
  expectClean(): void
  /** The same, but for what the browser notes about an answer that the test wants. */
  expectOnly(expected: RegExp): void
  close(): Promise<void>
}

export async function openBrowser(
  ownUrls: readonly string[],
  { dark = false, width = 1_280, height = 860 } = {},
): Promise<TestBrowser> {
  const userData = mkdtempSync(join(tmpdir(), 'hbnb-browser-'))
  const context: BrowserContext = await chromium.launchPersistentContext(userData, {
    executablePath,
    args,
    headless: true,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const origins = new Set(ownUrls.map(url => new URL(url).origin))
  const broken: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') broken.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', error => broken.push(`uncaught: ${error.message}`))
  context.on('request', request => {
    const url = new URL(request.url())
    if (url.protocol !== 'data:' && !origins.has(url.origin)) broken.push(`asked another host: ${request.url()}`)
  })

  return {
    page,
    picture: async name => {
      mkdirSync(artefacts, { recursive: true })
      await page.screenshot({ path: join(artefacts, `${name}.png`), fullPage: true })
    },
    expectClean: () => {
      expect(broken.splice(0)).toEqual([])
    },
    expectOnly: expected => {
      expect(broken.splice(0).filter(line => !expected.test(line))).toEqual([])
    },
    close: async () => {
      await context.close()
      rmSync(userData, { recursive: true, force: true })
    },
  }
}
