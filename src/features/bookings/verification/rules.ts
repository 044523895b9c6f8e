import type { EventTypeOptions } from '../../event-types/types.ts'

/** Whether a mail address is or lies in a domain of the list; `example.org` means its subdomains, too. */
function isAmong(email: string, list: readonly string[]): boolean {
  const domain = email.slice(email.indexOf('@') + 1)
  return list.some((one) => one === email || one === domain || (!one.includes('@') && domain.endsWith(`.${one}`)))
}

/** Whether the lists of an event type let an address book. Without a list of those who may, everybody may. */
export function isAdmitted(
  email: string,
  { requiredEmails, excludedEmails }: Pick<EventTypeOptions, 'requiredEmails' | 'excludedEmails'>,
): boolean {
  return (requiredEmails.length === 0 || isAmong(email, requiredEmails)) && !isAmong(email, excludedEmails)
}
