import type { Call, CallOptions, Transport } from './transport.ts'

/** Makes a call and gives its body the type under which the service describes it. */
export async function read<T>(transport: Transport, call: Call, options?: CallOptions): Promise<T> {
  const { body } = await transport.call(call, options)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the service describes is what it answers.
  return body as T
}
