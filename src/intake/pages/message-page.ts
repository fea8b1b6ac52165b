import type { Response } from 'express'
import { html } from './html.ts'
import { page, type Visitor } from './layout.ts'

/** Answers with a page that says one thing. */
export function sendMessage(
  res: Response,
  status: number,
  title: string,
  message: string,
  options: { refreshSeconds?: number; visitor?: Visitor } = {},
): void {
  const body = html`<section class="panel message"><h1>${title}</h1><p>${message}</p><p><a href="/admin">To the overview</a></p></section>`
  res
    .status(status)
    .type('html')
    .send(page({ title, body, ...options }))
}
