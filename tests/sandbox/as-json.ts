/** A POST of JSON with a bearer key; a string goes as it is, broken or not. */
export const asJson = (body: unknown, key = 'SG.good') => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
