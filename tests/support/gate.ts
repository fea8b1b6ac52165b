/** A door jobs wait at, so that a test decides when they go on. */
export function gate(): { pass(): Promise<void>; letOne(): void; open(): void } {
  const waiting: (() => void)[] = []
  let free = 0
  let isOpen = false
  return {
    async pass() {
      if (isOpen) return
      if (free > 0) {
        free -= 1
        return
      }
      await new Promise<void>(resolve => waiting.push(resolve))
    },
    letOne() {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    },
    open() {
      isOpen = true
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}
