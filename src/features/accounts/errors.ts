import { type AppError, errorTable } from '#platform/errors.ts'

export const accountError = errorTable({
  /** Of an unknown mail and of a wrong password alike: who has an account is not told. */
  wrong_credentials: 'unauthenticated',
  current_password_wrong: 'forbidden',
  sign_up_closed: 'forbidden',
  /** Whoever runs the installation wants passwords. */
  sign_in_links_off: 'forbidden',
  /** There is no account yet; the first one is made through the set-up link. */
  not_set_up: 'conflict',
  set_up_link_invalid: 'not_found',
  set_up_done: 'gone',
  email_taken: 'conflict',
  email_unchanged: 'invalid',
  /** One of the account's addresses already. */
  email_known: 'invalid',
  username_taken: 'conflict',
  /** Not the code of the moment, or used before. */
  code_wrong: 'unauthenticated',
  second_factor_on: 'conflict',
  /** What the app was shown has run out. */
  second_factor_late: 'gone',
  /** The first step was too long ago, or something changed since. */
  sign_in_anew: 'unauthenticated',
  avatar_missing: 'invalid',
  avatar_too_large: 'invalid',
  avatar_not_an_image: 'invalid',
  /** The address that was named for it answers with something else. */
  avatar_unreachable: 'invalid',
  /** Used, replaced, run out, or never made. */
  account_link_invalid: 'gone',
  account_not_found: 'not_found',
  session_not_found: 'not_found',
  verified_email_not_found: 'not_found',
  too_many_verified_emails: 'conflict',
  mail_code_wrong: 'invalid',
  /** No mail server is set up. */
  mail_unavailable: 'upstream',
  /** Nothing here sends text messages. */
  text_messages_unavailable: 'upstream',
  verified_phone_not_found: 'not_found',
  api_key_not_found: 'not_found',
  too_many_api_keys: 'conflict',
  /** An API key may not hand out keys, end sessions or change the password. */
  needs_session: 'forbidden',
})

/** A refusal that belongs to one field of a form. */
export function fieldError(code: Parameters<typeof accountError>[0], path: string): AppError {
  return accountError(code, { fields: [{ path, code, message: code }] })
}
