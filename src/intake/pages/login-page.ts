import { html, nothing } from './html.ts'
import { page } from './layout.ts'

interface Form {
  readonly formToken: string
  readonly next: string
}

/** The sign-in form, with what went wrong before. */
export function loginPage({ formToken, next, message }: Form & { message?: string }): string {
  const body = html`<section class="panel narrow"><h1>Sign in</h1>
<p class="soft">For people who look after the jobs.</p>
${message === undefined ? nothing : html`<p class="alert" role="alert">${message}</p>`}
<form class="stack" method="post" action="/login">
<input type="hidden" name="form_token" value="${formToken}"><input type="hidden" name="next" value="${next}">
<label>E-mail<input name="email" type="email" autocomplete="username" required autofocus></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<button class="primary">Sign in</button>
</form>
<p class="soft">No password? <code>npm run jobs -- operators link &lt;e-mail&gt;</code> prints a link that works once.</p></section>`
  return page({ title: 'Sign in', body })
}

/** What a one-time link opens: one button, so that following the link alone spends nothing. */
export function linkPage({ formToken, next }: Form): string {
  const body = html`<section class="panel narrow"><h1>Sign in</h1>
<p class="soft">This link works once.</p>
<form class="stack" method="post"><input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="next" value="${next}"><button class="primary" autofocus>Sign in</button></form></section>`
  return page({ title: 'Sign in', body })
}
