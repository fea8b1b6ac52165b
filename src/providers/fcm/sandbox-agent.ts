import { Agent } from 'node:https'
import { connect } from 'node:net'
import { tie } from '../call-failure.ts'

/** The SDK insists on https and Google's host: this agent answers its connections from the sandbox, in plain HTTP. */
export class SandboxAgent extends Agent {
  readonly #host: string
  readonly #port: number
  constructor(sandboxUrl: string) {
    super()
    const { hostname, port } = new URL(sandboxUrl)
    this.#host = hostname
    this.#port = Number(port)
  }
  override createConnection() {
    return tie(connect({ host: this.#host, port: this.#port }), 'connect')
  }
}
