/** A browser reduced to what matters here: cookies, forms, and redirects that are looked at instead of followed. */
export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  /** A change as Bull Board's page asks for it: from our origin, with the token of the session, the body as JSON. */
  change(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  readonly cookies: Map<string, string>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

const pageHeaders = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

export function visitorOf(url: string): Visitor {
  const cookies = new Map<string, string>()
  async function send(path: string, more: Record<string, string>, init: RequestInit): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...pageHeaders, cookie, ...more }
    const response = await fetch(url + path, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  return {
    cookies,
    change: (method, path, body, headers = {}) => {
      const own = { accept: 'application/json', origin: url, 'x-xsrf-token': cookies.get('XSRF-TOKEN') ?? '' }
      const isJson = body === undefined ? {} : { 'content-type': 'application/json' }
      const init = body === undefined ? {} : { body: JSON.stringify(body) }
      return send(path, { ...own, ...isJson, ...headers }, { method: method.toUpperCase(), ...init })
    },
    get: (path, headers = {}) => send(path, headers, {}),
    post: (path, fields, headers = {}) => send(path, headers, { method: 'POST', body: new URLSearchParams(fields) }),
  }
}

/** The hidden token of a page's form. */
export function formTokenIn({ text }: Answer): string {
  const [, token] = /name="form_token" value="([^"]+)"/.exec(text) ?? []
  if (token === undefined) throw new Error('the page has no form')
  return token
}
