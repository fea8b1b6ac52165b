/**
 * The sandbox signs mail events with this fixed pair, so that a fresh checkout works without set-up.
 * It is public: the configuration may default to it in development and must refuse it in production.
 */

/** Base64 DER (SPKI, P-256), the form SendGrid shows as "Verification Key". */
export const DEVELOPMENT_EVENT_PUBLIC_KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfVoxmY7PrfvtZL1u9rYsWMUkz+R35h1Ip/oflFhDCTzJaTL0/77brPfRC7GScioxOzA9sopiI/sD/O1gl/LSIA=='

/** Base64 DER (PKCS #8, P-256). */
export const DEVELOPMENT_EVENT_PRIVATE_KEY =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgc3+0/d+ZemcOfBcLX7yYEkO0erRzDhoCYj+ZutdZo2qhRANCAAR9WjGZjs+t++1kvW72tixYxSTP5HfmHUin+h+UWEMJPMlpMvT/vtus99ELsZJyKjE7MD2yimIj+wP87WCX8tIg'
