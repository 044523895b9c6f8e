import type { Ctx } from '#platform/ctx.ts'

/** The date (YYYY-MM-DD) on the wall of somebody in this zone. */
export function todayIn({ clock }: Ctx, timeZone: string): string {
  return clock.now().toZonedDateTimeISO(timeZone).toPlainDate().toString()
}
