/** Measures of the story picture in CSS pixels, shared by its style sheet and its drawing. */
export const geometry = {
  width: 1_200,
  headHeight: 58,
  rowHeight: { one: 34, two: 52, gap: 34 },
  axisX: 92,
  lanes: {
    event: { x: 112, width: 252 },
    jobs: { x: 376, width: 444 },
    effects: { x: 832, width: 368 },
  },
  /** From a lane's edge to its first track, between tracks, and from the last track to the text. */
  inset: 16,
  step: 20,
  textGap: 16,
  maxTracksWidth: 180,
} as const

export type RowSize = keyof typeof geometry.rowHeight
