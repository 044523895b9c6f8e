/** How deliveries name what happened to an account. */
export const SAFETY_SUBJECT = 'safety:'
export const SAFETY_TOPIC = 'account_safety'
