const secondMs = 1_000
const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

/** A span for people: `12 ms`, `1.24 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationWords(ms: number): string {
  const whole = Math.max(0, ms)
  if (whole < secondMs) return `${whole < 10 ? Number(whole.toFixed(1)) : Math.round(whole)} ms`
  if (whole < minuteMs) return `${Number((whole / secondMs).toFixed(2))} s`
  if (whole < hourMs) return pair(whole, minuteMs, 'min', secondMs, 's')
  if (whole < dayMs) return pair(whole, hourMs, 'h', minuteMs, 'min')
  return pair(whole, dayMs, 'd', hourMs, 'h')
}

function pair(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % big) / small)
  return `${Math.floor(ms / big)} ${bigUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ''}`
}
