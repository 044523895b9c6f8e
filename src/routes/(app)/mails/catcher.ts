import { requireSession } from '#app/session.ts'
import { AppError } from '#platform/errors.ts'
import { type CaughtMail, caughtMail } from '#platform/mail/catcher.ts'
import { catchesMails } from '#platform/mail/transport.ts'

const notFound = () => new AppError('mail_not_found', 'not_found')

/** Caught mails are everybody's, so only those who run the instance read them. @throws mail_not_found, as if there were no such page */
export function requireCatcher(locals: App.Locals): void {
  const { account } = requireSession(locals)
  if (!catchesMails(locals.ctx.config) || account.role === 'member') throw notFound()
}

/** @throws mail_not_found */
export async function requireMail(locals: App.Locals, id: string): Promise<CaughtMail> {
  requireCatcher(locals)
  const mail = await caughtMail(locals.ctx.config.dataDir, id)
  if (!mail) throw notFound()
  return mail
}
