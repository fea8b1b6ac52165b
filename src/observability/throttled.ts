/**
 * Says the same thing at most once per period: the first time at once, then how often it came in the period that ended.
 * Nothing is lost but repetition: what came in a period is told when it ends, by a timer that keeps no process alive.
 */
export function throttled(everyMs: number, say: (count: number) => void): () => void {
  let held = 0
  let timer: NodeJS.Timeout | undefined

  function periodOver(): void {
    timer = undefined
    if (held === 0) return
    const count = held
    held = 0
    open()
    say(count)
  }
  function open(): void {
    timer = setTimeout(periodOver, everyMs).unref()
  }
  return () => {
    if (timer !== undefined) {
      held += 1
      return
    }
    open()
    say(1)
  }
}
