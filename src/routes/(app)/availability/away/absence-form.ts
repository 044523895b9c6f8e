import type { NewAbsence } from '#features/schedules/away/schema.ts'

/** `12:30` → 750; the whole day without a time. */
function minuteOf(time: string): number | null {
  const [hours, minutes] = time.split(':').map(Number)
  return time === '' || (hours === 0 && minutes === 0) ? null : (hours ?? Number.NaN) * 60 + (minutes ?? Number.NaN)
}

/** What the form of an absence says; the schema judges it. */
export function absenceOf(form: FormData): NewAbsence {
  const text = (name: string) => String(form.get(name) ?? '')
  const to = text('to')
  return {
    firstDate: text('firstDate'),
    lastDate: text('lastDate'),
    fromMinute: minuteOf(text('fromTime')),
    toMinute: minuteOf(text('toTime')),
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
