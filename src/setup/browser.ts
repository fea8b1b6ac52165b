import { accessSync, constants } from 'node:fs'
import { setupEnvironment } from './environment.ts'

/** Where Chromium is, or why the browser tests cannot run. */
export function findBrowser(): { readonly path: string } | { readonly missing: string } {
  const { CHROMIUM_PATH: path } = setupEnvironment()
  try {
    accessSync(path, constants.X_OK)
    return { path }
  } catch {
    return { missing: `there is no Chromium at ${path}; install one or set CHROMIUM_PATH` }
  }
}
