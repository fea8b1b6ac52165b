import { z } from 'zod'
import { serviceAccountJson } from './service-account.ts'
import { variable, webAddress } from './values.ts'

/** Our accounts at the providers of mail, SMS and push, and who we are there. */
export const providerVariables = {
  SENDGRID_API_KEY: variable(z.string().optional(), {
    about: 'sends e-mail',
    expected: 'an API key of SendGrid',
    example: 'SG.xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxx',
    secret: true,
  }),
  SENDGRID_API_BASE: variable(webAddress.optional(), {
    about: 'another host of SendGrid, such as its EU region; unset: https://api.sendgrid.com',
    expected: 'an http(s):// URL, https:// in production',
    example: 'https://api.eu.sendgrid.com',
  }),
  SENDGRID_WEBHOOK_PUBLIC_KEY: variable(
    z
      .string()
      .regex(/^[A-Za-z0-9+/]{80,}={0,2}$/)
      .optional(),
    {
      about: 'verifies SendGrid’s signed event webhook',
      expected: 'the base64 public key of SendGrid’s signed event webhook',
      example: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE…',
    },
  ),
  TWILIO_SID: variable(
    z
      .string()
      .regex(/^AC[0-9a-zA-Z]{32}$/)
      .optional(),
    {
      about: 'the Twilio account that sends SMS',
      expected: 'AC and 32 letters or digits',
      example: 'ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    },
  ),
  TWILIO_AUTH_TOKEN: variable(z.string().optional(), {
    about: 'the auth token of that account',
    expected: 'the auth token of TWILIO_SID',
    example: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    secret: true,
  }),
  TWILIO_PHONE: variable(
    z
      .string()
      .regex(/^(\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{2,11}|\d{3,8})$/)
      .optional(),
    {
      about: 'the sender of all SMS; French networks block ordinary mobile numbers as sender',
      expected: 'a number like +33…, a short code, or a sender name of 2 to 11 letters and digits',
      example: 'HBNB',
    },
  ),
  TWILIO_API_BASE: variable(webAddress.optional(), {
    about: 'another host of Twilio; unset: https://api.twilio.com',
    expected: 'an http(s):// URL, https:// in production',
    example: 'https://api.dublin.ie1.twilio.com',
  }),
  FCM_PROJECT_ID: variable(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{4,29}$/)
      .optional(),
    {
      about: 'the Firebase project that sends push; unset: the project of FCM_SERVICE_ACCOUNT',
      expected: 'a Firebase project id of 5 to 30 lower-case letters, digits and -',
      example: 'hbnb-mobile',
    },
  ),
  FCM_SERVICE_ACCOUNT: variable(serviceAccountJson.optional(), {
    about: 'the service account that sends push',
    expected: 'the JSON text of a key file with project_id, client_email and private_key',
    example: '{"project_id":"hbnb-mobile","client_email":"…","private_key":"…"}',
    secret: true,
  }),
  FCM_API_BASE: variable(webAddress.optional(), {
    about: 'development only: a sandbox in the place of FCM, on this machine',
    expected: 'an http:// URL on this machine',
    example: 'http://127.0.0.1:4010',
  }),
}
