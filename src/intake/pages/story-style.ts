import { geometry } from './story-geometry.ts'

const { lanes, rowHeight, inset, step, maxTracksWidth, textGap } = geometry

/** Beyond this many columns tracks are drawn closer together instead of wider. */
export const maxColumns = maxTracksWidth / step + 1

const laneRules = Object.entries(lanes).map(
  ([lane, { x, width }]) => `.${lane} .say, .lane.${lane} { left: ${x}px; width: ${width}px }`,
)

const columnRules = Array.from(
  { length: maxColumns },
  (_, index) => `.c${index + 1} .say { padding-left: ${inset + index * step + textGap}px }`,
)

/** Styles of the story picture. Colours are Okabe and Ito's, which differ also to colour-blind eyes. */
export const storyCss = `
:root { --good: #00775a; --bad: #c04a00; --again: #b07500; --held: #8a4f86; --still: #6b7785; --going: #0067a5 }
@media (prefers-color-scheme: dark) { :root { --good: #2cc295; --bad: #ff8a4c; --again: #f0b429; --held: #d990d3; --still: #93a1b0; --going: #63b7ee } }
.summary { font-size: 20px; line-height: 1.4; margin: 4px 0 0 }
.facts { margin: 6px 0 18px; color: var(--soft) }
.scroll { overflow-x: auto; padding: 0; margin-bottom: 20px }
.picture { position: relative; width: ${geometry.width}px; margin: 0 auto; padding-bottom: 26px }
.drawing { position: absolute; inset: 0 auto auto 0 }
.lane { position: absolute; top: 0; bottom: 0; padding: 14px ${inset}px 0 }
.lane b { display: block; line-height: 1.2 }
.lane span { color: var(--soft); font-size: 12.5px }
.lane.jobs { background: color-mix(in srgb, var(--ground) 80%, transparent) }
.rows { list-style: none; margin: 0; padding: ${geometry.headHeight}px 0 0; position: relative }
.row { position: relative }
.row.one { height: ${rowHeight.one}px }
.row.two { height: ${rowHeight.two}px }
.row.gap { height: ${rowHeight.gap}px }
.row time { position: absolute; right: ${geometry.width - geometry.axisX + 14}px; top: 50%; transform: translateY(-50%); color: var(--soft); font-size: 12.5px; font-variant-numeric: tabular-nums; white-space: nowrap }
.say { position: absolute; top: 50%; transform: translateY(-50%); line-height: 1.3; white-space: nowrap; overflow: hidden }
.say > * { overflow: hidden; text-overflow: ellipsis }
.say p { margin: 0 }
.say b { font-weight: 600 }
.say span, .say small { color: var(--soft); font-size: 13px }
.say small { display: block; font-size: 12.5px }
.say code { font-size: 11.5px }
.row.gap .say { left: ${geometry.axisX + 16}px; color: var(--soft); font-size: 12.5px; font-style: italic }
${laneRules.join('\n')}
${columnRules.join('\n')}
.axis { stroke: var(--line); stroke-width: 2 }
.silence { stroke: var(--paper); stroke-width: 4; stroke-dasharray: 4 4 }
.tick { fill: var(--paper); stroke: var(--soft); stroke-width: 2 }
.event { fill: var(--going) }
.decision { fill: var(--paper); stroke: var(--going); stroke-width: 2.5 }
.link, .call { fill: none; stroke: var(--soft); stroke-width: 1.5 }
.call { stroke-dasharray: 2 4; stroke-linecap: round }
.tip { fill: var(--soft) }
.wait { stroke: var(--soft); stroke-width: 2; stroke-dasharray: 1 5; stroke-linecap: round }
.start { fill: var(--paper); stroke: var(--soft); stroke-width: 2 }
.sign { fill: none; stroke: var(--paper); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round }
.sent { stroke-width: 3; fill: none }
${['good', 'bad', 'again', 'held', 'still', 'going']
  .map(
    look =>
      `.bar.${look}, .seal.${look}, .asked.${look} { fill: var(--${look}) } .sent.${look} { stroke: var(--${look}) } .t-${look} b { color: var(--${look}) }`,
  )
  .join('\n')}
.seal { stroke: var(--paper); stroke-width: 2 }
.legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 0; padding: 0; list-style: none; color: var(--soft); font-size: 13px }
.legend li { display: flex; align-items: center; gap: 6px }
.legend svg { width: 18px; height: 18px }
.search { display: flex; gap: 8px; margin: 0 }
.search input { flex: 1 }
`
