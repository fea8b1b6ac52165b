import { Html } from './html.ts'

/** The page's only style sheet, inline: the outbox needs no network. */
export const style = new Html(`<style>
:root { color-scheme: light dark; --ink: #1c2530; --soft: #5b6876; --line: #d9e0e7; --paper: #fff; --ground: #f2f5f8; --accent: #0b6b75; --bubble: #e6ebf0 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #9aa7b4; --line: #313c48; --paper: #1b232c; --ground: #11171d; --accent: #5cc2cc; --bubble: #2b3641 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.5rem }
h2 { margin: 0 0 .5rem; font-size: 1.1rem; overflow-wrap: anywhere }
a { color: var(--accent) }
.lead, footer, .to, .cost, dt { color: var(--soft) }
.counts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; padding: 0; list-style: none }
.counts li, .card { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem }
.counts li { padding: .75rem 1rem; min-width: 11rem }
.counts b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: 1.25rem }
input, button { font: inherit; color: inherit; padding: .4rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--paper) }
input { flex: 1 1 14rem; min-width: 0 }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1rem; align-items: start }
.card { padding: 1rem; min-width: 0 }
.card:target { outline: 3px solid var(--accent) }
.mail { grid-column: 1 / -1 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .75rem; margin: 0 0 .75rem; font-size: .9rem }
dd { margin: 0; overflow-wrap: anywhere }
iframe { display: block; width: 100%; height: 28rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; color-scheme: light }
pre { margin: .5rem 0; padding: .75rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--ground); border-radius: .5rem; font: .85rem/1.5 ui-monospace, monospace }
details { margin-top: .5rem; font-size: .9rem }
summary { cursor: pointer }
.to { margin: 0 0 .75rem; font-size: .9rem; overflow-wrap: anywhere }
.cost { margin: .75rem 0 0; font-size: .85rem; text-align: center }
.phone { max-width: 17rem; margin: 0 auto; padding: .6rem; border-radius: 2rem; background: #0c1116 }
.screen { min-height: 15rem; padding: .75rem; border-radius: 1.5rem; background: var(--ground); overflow: hidden }
.bar { margin: -.75rem -.75rem .75rem; padding: .6rem; text-align: center; font-weight: 600; font-size: .85rem; background: var(--paper); border-bottom: 1px solid var(--line) }
.bubble { margin: 0; padding: .6rem .8rem; border-radius: 1rem 1rem 1rem .25rem; background: var(--bubble); white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9rem }
.clock { margin: .5rem 0 1rem; text-align: center; font-size: 2rem; font-weight: 300; font-variant-numeric: tabular-nums }
.notice { padding: .6rem .75rem; border-radius: 1rem; background: var(--paper); font-size: .85rem; overflow-wrap: anywhere }
.notice p { margin: 0 }
.notice .app { font-size: .7rem; letter-spacing: .05em; color: var(--soft) }
footer { display: flex; flex-wrap: wrap; gap: .25rem .75rem; margin-top: .75rem; font-size: .75rem; overflow-wrap: anywhere }
footer a, footer span { min-width: 0; overflow-wrap: anywhere }
.contents { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0 0 1.25rem; padding: 0; list-style: none; font-size: .9rem }
form b, form > a { align-self: center }
.messages { grid-template-columns: 1fr }
.mails, .phones { display: flex; flex-wrap: wrap; gap: 1rem }
.mails { overflow-x: auto }
.mails iframe { height: 62rem; flex: none }
.mails .wide { width: 44rem; max-width: 100% }
.mails .narrow { width: 23.4375rem; max-width: 100% }
.phones { margin-top: 1rem }
.phones > div { flex: 0 1 18rem }
.empty { grid-column: 1 / -1; padding: 3rem 1rem; text-align: center; color: var(--soft) }
</style>`)
