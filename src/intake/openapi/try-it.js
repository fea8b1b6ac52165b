// Runs in the page /docs. The key stays in its field: nothing here stores it, and leaving the page empties it.

const maxShownChars = 200_000
const keyField = document.querySelector('#api-key')
const keyNote = document.querySelector('#key-note')

const isLive = key => key.startsWith('hbnb_') && !key.startsWith('hbnb_test_')

keyField.addEventListener('input', () => {
  const key = keyField.value.trim()
  keyNote.textContent = isLive(key) ? 'A live key: what you send here is real.' : ''
})
addEventListener('pagehide', () => {
  keyField.value = ''
})

for (const form of document.querySelectorAll('form[data-path]')) {
  form.addEventListener('submit', event => {
    event.preventDefault()
    void send(form)
  })
}

async function send(form) {
  const call = callOf(form)
  const answer = form.querySelector('.answer')
  const status = answer.querySelector('.status')
  const body = answer.querySelector('.body')
  const stop = form.querySelector('.stop')
  const abort = new AbortController()
  const end = () => abort.abort()
  stop.addEventListener('click', end)
  stop.hidden = false
  answer.hidden = false
  status.textContent = 'Sending…'
  body.textContent = ''
  answer.querySelector('.headers').textContent = ''
  answer.querySelector('.call').textContent = asCurl(call)
  try {
    const response = await fetch(call.path, { ...call.options, signal: abort.signal, credentials: 'omit' })
    status.textContent = `${response.status} ${response.statusText}`
    answer.querySelector('.headers').textContent = [...response.headers].map(pair => pair.join(': ')).join('\n')
    await show(response, body)
  } catch (error) {
    status.textContent = abort.signal.aborted ? `${status.textContent} (stopped)` : `No answer: ${error.message}`
  } finally {
    stop.hidden = true
    stop.removeEventListener('click', end)
  }
}

/** What the fields of a form ask for. */
function callOf(form) {
  const headers = {}
  const search = new URLSearchParams()
  let path = form.dataset.path
  for (const field of form.elements) {
    const [place, name] = field.name?.split(/:(.*)/s) ?? []
    if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(field.value))
    if (field.value === '') continue
    if (place === 'header') headers[name] = field.value
    if (place === 'query') {
      const values = 'many' in field.dataset ? field.value.split(/\s+/).filter(value => value !== '') : [field.value]
      for (const value of values) search.append(name, value)
    }
  }
  const key = keyField.value.trim()
  if (key !== '') headers.Authorization = `Bearer ${key}`
  const options = { method: form.dataset.method, headers }
  const { body, type } = form.elements
  if (body) {
    headers['Content-Type'] = type.value
    options.body = type.value.endsWith('ndjson') ? oneLine(body.value) : body.value
  }
  return { path: search.size > 0 ? `${path}?${search}` : path, options }
}

/** An example that stands on several lines would be several items. */
function oneLine(text) {
  try {
    return `${JSON.stringify(JSON.parse(text))}\n`
  } catch {
    return text
  }
}

/** The same call for a terminal; the key is not repeated. */
function asCurl({ path, options: { method, headers, body } }) {
  const lines = Object.entries(headers).map(([name, value]) =>
    name === 'Authorization' ? '-H "Authorization: Bearer $HBNB_API_KEY"' : `-H ${quoted(`${name}: ${value}`)}`,
  )
  if (body !== undefined) lines.push(`-d ${quoted(body)}`)
  return [`curl -X ${method} ${quoted(location.origin + path)}`, ...lines].join(' \\\n  ')
}

const quoted = text => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** Shows a body as it comes: streams of events have no end of their own. */
async function show(response, place) {
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
  if (response.body === null) return
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of response.body) {
    text = (text + decoder.decode(bytes, { stream: true })).slice(-maxShownChars)
    place.textContent = text
  }
  if (isJson) place.textContent = pretty(text)
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
