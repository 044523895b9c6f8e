import { type AppError, errorTable } from '#platform/errors.ts'

export const accountDeletionError = errorTable({
  /** What was typed is not the username of the account. */
  username_mismatch: 'invalid',
  /** Somebody must look after the installation as long as others use it. */
  sole_owner: 'conflict',
  account_not_found: 'not_found',
})

/** A refusal that belongs to one field of a form. */
export function usernameMismatch(): AppError {
  const code = 'username_mismatch'
  return accountDeletionError(code, { fields: [{ path: 'username', code, message: code }] })
}
