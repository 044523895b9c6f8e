import { describe, expect, it } from 'vitest'
import { writingCommands } from './commands.ts'

const FILES = ['src/features/**/commands.ts', 'src/app/onboarding.ts']

/** What writes and tells nobody, and why that is right. Whoever adds a line here says it to whoever reads the log. */
const SILENT: Record<string, string> = {
  'app/onboarding.ts#newSetUpLink': 'printed at every start until there is an account; using it is told',
  'features/accounts/api-keys/commands.ts#touchApiKey': 'when a key was last used is no change',
  'features/accounts/mail-address/commands.ts#askForAddressProof':
    'a mail, which is a delivery; that the address is proven is told',
  'features/accounts/password-reset/commands.ts#askForPasswordReset':
    'somebody wants a mail, which is a delivery; nothing of an account changes',
  'features/accounts/sessions/commands.ts#touchSession': 'when a device was last used is no change',
  'features/accounts/set-up/commands.ts#issueSetUpLink':
    'printed at every start until there is an account; using it is told',
  'features/accounts/sign-in-links/commands.ts#askForSignInLink':
    'somebody wants a mail, which is a delivery; nothing of an account changes',
  'features/accounts/verified-emails/commands.ts#addEmail': 'mails a code, as requestEmailCode does',
  'features/accounts/verified-emails/commands.ts#requestEmailCode':
    'a mail, which is a delivery; that the address is proven is told',
  'features/availability/empty-searches/commands.ts#countEmptySearch':
    'a visitor looked and found nothing; a mail tells it',
  'features/availability/holds/commands.ts#placeHold': 'a visitor fills in a form; it passes by itself',
  'features/availability/holds/commands.ts#moveHold': 'a visitor chose another time; it passes by itself',
  'features/availability/holds/commands.ts#releaseHold': 'a visitor left a form',
  'features/bookings/blocks/commands.ts#requireUnblocked': 'counts who was refused, which changes nothing else',
  'features/bookings/blocks/commands.ts#countAttempt':
    'somebody tried and nothing came of it; the list of blocks shows it',
  'features/bookings/decoys/commands.ts#keepDecoys':
    'somebody tried and nothing came of it; the list of blocks shows it',
  'features/bookings/booker-links/commands.ts#askForBookerLink':
    'a visitor wants a mail, which is a delivery; nothing of a host changes',
  'features/bookings/move-links/commands.ts#sendMoveLinks': 'mails, each a delivery that its booking shows',
  'features/bookings/verification/commands.ts#sendMailCode':
    'the mail is a delivery; nobody’s matter until a booking comes of it',
  'features/bookings/verification/commands.ts#spendMailCode': 'a code that was used is gone',
  'features/bookings/verification/commands.ts#orSendMailCode': 'a code that is gone within minutes',
  'features/bookings/verification/commands.ts#tryMailCode': 'a try that counts, gone with the code within minutes',
  'features/webhooks/commands.ts#noteHealth': 'counts what its deliveries tell; stopping a webhook is told',
  'features/webhooks/sending/commands.ts#logTry': 'a line of the log of a delivery',
  'features/schedules/holidays/commands.ts#prolongHolidays': 'works out what the host has chosen already',
}

describe('commands that write', () => {
  const commands = writingCommands(FILES)

  it('say so with an event, or say here why not', () => {
    const silent = commands.filter(({ emits }) => !emits).map(({ id }) => id)
    expect(silent.sort()).toEqual(Object.keys(SILENT).sort())
  })

  it('are found by this test at all', () => {
    const found = commands.filter(({ emits }) => emits).map(({ id }) => id)
    expect(found).toContain('features/schedules/commands.ts#deleteSchedule')
    expect(found).toContain('features/bookings/creation/commands.ts#createBooking')
    expect(found).toContain('features/accounts/commands.ts#signIn')
    expect(found).toContain('app/onboarding.ts#signUp')
    expect(found.length).toBeGreaterThan(60)
  })
})
