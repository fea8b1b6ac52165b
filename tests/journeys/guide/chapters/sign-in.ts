import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'accounts' }

export const signIn: Chapter = {
  title: 'Sign-in: Google OAuth',
  about: '',
  rows: [
    value(['GOOGLE_CLIENT_ID'], '`GOOGLE_CLIENT_ID`', later),
    value(['GOOGLE_CLIENT_SECRET'], '`GOOGLE_CLIENT_SECRET`', later),
    value(['module: scope'], 'scopes `openid email profile`', later),
    {
      guide: ['route /login/google', 'def google_login'],
      here: '`GET /login/google`',
      jobs: [],
      fields: 'with state, nonce and PKCE',
      errors: '',
      proof: later,
    },
    {
      guide: ['route /login/google/authorized', 'def google_authorized', 'google_authorized: access_token'],
      here: '`GET /login/google/authorized`; an app then calls `POST /v1/auth/exchange`',
      jobs: ['accounts.refresh-token'],
      fields: 'a code, once, in place of a token in the address',
      errors: '`access-denied`',
      proof: later,
    },
    value(['google_authorized: error_reason'], '`reason` of `access-denied`', later),
    value(
      ['google_authorized: userinfo', 'calls process_oauth_login'],
      'the verified claims `sub`, `email`, `name` in the answer of `POST /v1/auth/exchange`; the app opens its own session',
      later,
    ),
  ],
}
