/** Days that what carries addresses is kept where nobody asks for it any more. */
export const KEPT_DAYS = {
  /** What mail servers answered; it often names the address. */
  answers: 90,
  /** Mails kept instead of being sent; of those the newest only. */
  mails: 30,
} as const
