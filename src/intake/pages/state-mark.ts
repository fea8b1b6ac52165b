import { type Html, html } from './html.ts'

/** A state in its colour. */
export function stateMark(state: string): Html {
  return html`<span class="state ${state}">${state}</span>`
}
