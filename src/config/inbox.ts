import { variable, wholeNumber } from './values.ts'

const maxRetentionDays = 3_650

/** What is kept of the webhooks we receive. */
export const inboxVariables = {
  INBOX_RETENTION_DAYS: variable(wholeNumber(1, maxRetentionDays).default(90), {
    about: 'how long events that webhooks brought are kept, with their bodies; never shorter than their jobs are open',
    expected: `a whole number from 1 to ${maxRetentionDays}`,
    example: '90',
  }),
}
