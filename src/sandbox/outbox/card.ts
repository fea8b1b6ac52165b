import type { Effect } from '../effects.ts'
import { type Html, html } from './html.ts'

/** When it was sent, and the ids to find it by. */
export function cardFoot({ id, key, at }: Effect): Html {
  const time = at.toISOString()
  return html`<footer>
      <time datetime="${time}">${time.replace('T', ' ').slice(0, 19)} UTC</time>
      <a href="#${id}" title="Link to this message">${id}</a>
      ${key === null ? '' : html`<span>effect ${key}</span>`}
    </footer>`
}
