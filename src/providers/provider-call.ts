/** The bounds of one provider call. The adapter aborts the call when `signal` fires or `timeoutMs` has passed. */
export interface ProviderCall {
  readonly signal: AbortSignal
  readonly timeoutMs: number
}
