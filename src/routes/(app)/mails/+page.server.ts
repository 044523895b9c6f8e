import { caughtMails } from '#platform/mail/catcher.ts'
import { readMail } from '#platform/mail/reading.ts'
import type { PageServerLoad } from './$types'
import { requireCatcher } from './catcher.ts'

const MOST_SHOWN = 100

export const load: PageServerLoad = async ({ locals }) => {
  requireCatcher(locals)
  const caught = await caughtMails(locals.ctx.config.dataDir, MOST_SHOWN)
  const mails = caught.map(async ({ id, caughtAt, raw }) => {
    const { to, subject } = await readMail(raw)
    return { id, caughtAt, to, subject }
  })
  return { mails: await Promise.all(mails) }
}
