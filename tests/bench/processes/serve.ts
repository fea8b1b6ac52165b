import { takeSamples } from '../samples.ts'

/** What a process of the bench answers. */
export type Said = { readonly kind: 'ready' } | ({ readonly kind: 'samples' } & ReturnType<typeof takeSamples>)

const say = (said: Said) => process.send?.(said)

/** Tells the bench that this process is ready, answers its questions, and ends with it. */
export function serve(stop: () => Promise<void>): void {
  process.on('message', () => say({ kind: 'samples', ...takeSamples() }))
  // A profile is written at an orderly end only.
  const end = () => void stop().finally(() => process.exit(0))
  process.once('disconnect', end)
  process.once('SIGTERM', end)
  say({ kind: 'ready' })
}
