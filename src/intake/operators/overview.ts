import type { RequestHandler } from 'express'
import { html } from '../pages/html.ts'
import { page } from '../pages/layout.ts'
import { sessionOf } from './guard.ts'

export const showOverview: RequestHandler = (_req, res) => {
  res.send(page({ title: 'Overview', visitor: sessionOf(res), body: html`<h1>Overview</h1>` }))
}
