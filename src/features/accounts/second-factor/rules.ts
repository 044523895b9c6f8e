export const BACKUP_CODES = 10
/** So long what an authenticator app was shown can be confirmed. */
export const SET_UP_MINUTES = 15

/** 32 letters and digits, without those that are taken for others (Crockford). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const BACKUP_LENGTH = 10

/** @param bytes one per character */
export function backupCodeOf(bytes: Uint8Array): string {
  const letters = [...bytes.subarray(0, BACKUP_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5)}`
}

/** What somebody typed: a code of the app, one of the list, or neither. Spaces, hyphens and case do not count. */
export function readCode(typed: string): { kind: 'app' | 'backup'; code: string } | null {
  const code = typed.slice(0, 100).toLowerCase().replace(/[\s-]/g, '')
  if (/^\d{6}$/.test(code)) return { kind: 'app', code }
  return /^[0-9a-z]{10}$/.test(code) ? { kind: 'backup', code } : null
}
