import { storyCss } from './story-style.ts'

/** The one style sheet of all operator pages, inlined into each. */
export const css = `
:root { color-scheme: light dark; --ink: #1b2530; --soft: #566372; --line: #d6dee6; --paper: #fff; --ground: #f3f6f9; --accent: #0b6b75; --on-accent: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ecf2; --soft: #9aa8b6; --line: #2f3a46; --paper: #1a222b; --ground: #10161c; --accent: #5cc2cc; --on-accent: #08262a } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif }
main { max-width: 1264px; margin: 0 auto; padding: 24px }
h1 { margin: 0 0 4px; font-size: 24px; line-height: 1.25; letter-spacing: -.01em }
h2 { margin: 0 0 12px; font-size: 16px }
p { margin: 0 0 12px }
a { color: var(--accent) }
code { font: 13px/1.4 ui-monospace, 'DejaVu Sans Mono', monospace }
.soft { color: var(--soft) }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 24px; padding: 10px 24px; background: var(--paper); border-bottom: 1px solid var(--line) }
.brand { font-weight: 700; color: var(--ink); text-decoration: none }
.top nav { display: flex; flex-wrap: wrap; gap: 4px 16px; flex: 1 }
@media (max-width: 640px) { .top nav { order: 1; flex-basis: 100% } .brand { flex: 1 } }
.top nav a { text-decoration: none }
.out { display: flex; gap: 12px; align-items: center; color: var(--soft) }
input, button { font: inherit; color: inherit; padding: 7px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--paper) }
button { cursor: pointer }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600 }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px }
.panel { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 20px 24px; margin-bottom: 20px }
.narrow { max-width: 420px; margin: 48px auto }
.message { max-width: 640px; margin: 48px auto }
.stack { display: grid; gap: 14px; margin: 16px 0 }
.stack label { display: grid; gap: 4px; font-weight: 600 }
.alert { padding: 8px 12px; border-radius: 8px; border: 1px solid #c33; color: #b3261e }
@media (prefers-color-scheme: dark) { .alert { color: #ff9a90 } }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(110px, 1fr)); gap: 12px; margin: 16px 0 20px; padding: 0; list-style: none }
.tile { padding: 12px; background: var(--paper); border: 1px solid var(--line); border-top: 4px solid var(--still); border-radius: 10px }
.tile b { display: block; font-size: 24px; line-height: 1.2; font-variant-numeric: tabular-nums }
.tile span { color: var(--soft); font-size: 14px }
.tile.none { border-top-color: var(--line) }
.tile.none b { color: var(--soft); font-weight: 400 }
.s-completed { border-top-color: var(--good) }
.s-failed, .s-quarantined { border-top-color: var(--bad) }
.s-retrying { border-top-color: var(--again) }
.s-parked { border-top-color: var(--held) }
.s-active, .s-waiting { border-top-color: var(--going) }
.after { margin: 14px 0 0 }
.chip { display: inline-block; margin: 2px 4px; padding: 2px 10px; border: 1px solid var(--line); border-radius: 999px; text-decoration: none }
.links { margin: 0; padding: 0; list-style: none }
.links li { display: grid; grid-template-columns: 120px 1fr; padding: 4px 0 }
.links span { color: var(--soft) }
.wide { overflow-x: auto }
.audit { width: 100%; margin-top: 14px; border-collapse: collapse; font-size: 14px }
.audit th { padding: 4px 12px 4px 0; text-align: left; color: var(--soft); font-weight: 600 }
.audit td { padding: 6px 12px 6px 0; border-top: 1px solid var(--line); vertical-align: top; font-variant-numeric: tabular-nums }
.audit td:nth-child(-n + 3) { white-space: nowrap }
.audit .refused b { color: var(--bad) }
.filters { display: flex; flex-wrap: wrap; gap: 12px; align-items: end }
.filters label { display: grid; gap: 4px; color: var(--soft); font-size: 14px }
.filters input, .filters select { height: 38px }
.filters input { width: 170px }
select { font: inherit; color: inherit; padding: 7px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--paper) }
.state { display: inline-block; padding: 0 8px; border: 1px solid var(--line); border-left: 4px solid var(--still); border-radius: 6px }
.state.processed, .state.completed { border-left-color: var(--good) }
.state.failed, .state.quarantined { border-left-color: var(--bad) }
.state.waiting, .state.active, .state.retrying { border-left-color: var(--going) }
.facts-list { display: grid; grid-template-columns: 120px 1fr; gap: 4px 12px; margin: 0 }
.facts-list dt { color: var(--soft) }
.facts-list dd { margin: 0; overflow-wrap: anywhere }
h2 + .wide .audit { margin-top: 0 }
pre { margin: 0; overflow-x: auto; font: 13px/1.5 ui-monospace, 'DejaVu Sans Mono', monospace }
.heading { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; justify-content: space-between; margin-bottom: 20px }
.heading h1, .heading p { margin: 0 }
${storyCss}`
