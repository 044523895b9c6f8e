import type { NewAbsence } from '#features/schedules/away/schema.ts'

/** What the form of an absence says; the schema judges it. */
export function absenceOf(form: FormData): NewAbsence {
  const text = (name: string) => String(form.get(name) ?? '')
  const to = text('to')
  return {
    firstDate: text('firstDate'),
    lastDate: text('lastDate'),
    reason: text('reason') as NewAbsence['reason'],
    ownReason: text('ownReason'),
    note: text('note'),
    public: form.has('public'),
    redirect:
      to === 'host'
        ? { kind: 'host', username: text('username') }
        : to === 'url'
          ? { kind: 'url', url: text('url') }
          : null,
  }
}
