import { sql } from 'kysely'
import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import { scheduleError } from './errors.ts'
import type { HourRange, OwnSchedule, ScheduleLayer, ScheduleUse, WeeklyHours } from './types.ts'

/** The default one first, then by name. */
export async function listSchedules(db: Db, scope: UserScope): Promise<OwnSchedule[]> {
  const rows = await ownSchedules(db, scope)
    .orderBy(sql`s.id is distinct from u.default_schedule_id`)
    .orderBy(sql`lower(s.name)`)
    .orderBy('s.id')
    .execute()
  return rows.map(presented)
}

/** @throws schedule_not_found, whoever else may own it. */
export async function findSchedule(db: Db, scope: UserScope, id: number): Promise<OwnSchedule> {
  const row = await ownSchedules(db, scope).where('s.id', '=', id).executeTakeFirst()
  if (!row) throw scheduleError('schedule_not_found')
  return presented(row)
}

/** Names only, for choosing one. */
export async function scheduleNames(
  db: Db,
  { userId }: UserScope,
): Promise<{ id: number; name: string; timeZone: string; isDefault: boolean }[]> {
  return db
    .selectFrom('schedules as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .where('s.user_id', '=', userId)
    .select([
      's.id',
      's.name',
      's.time_zone as timeZone',
      sql<boolean>`s.id is not distinct from u.default_schedule_id`.as('isDefault'),
    ])
    .orderBy(sql`lower(s.name)`)
    .orderBy('s.id')
    .execute()
}

function ownSchedules(db: Db, { userId }: UserScope) {
  return (
    db
      // Read once, however many schedules there are.
      .with(
        (cte) => cte('used').materialized(),
        (qb) =>
          qb
            .selectFrom('event_types as e')
            .innerJoin('users as u', 'u.id', 'e.user_id')
            .where('e.user_id', '=', userId)
            .groupBy(sql`1`)
            .select([
              sql<number | null>`coalesce(e.schedule_id, u.default_schedule_id)`.as('schedule_id'),
              sql<
                ScheduleUse[]
              >`jsonb_agg(jsonb_build_object('id', e.id, 'title', e.title) order by e.position, e.id)`.as('by'),
            ]),
      )
      .selectFrom('schedules as s')
      .innerJoin('users as u', 'u.id', 's.user_id')
      .leftJoin('used', 'used.schedule_id', 's.id')
      .where('s.user_id', '=', userId)
      .select([
        's.id',
        's.name',
        's.time_zone',
        's.weekly',
        's.overrides',
        's.layers',
        's.updated_at',
        sql<boolean>`s.id is not distinct from u.default_schedule_id`.as('is_default'),
        sql<ScheduleUse[]>`coalesce(used.by, '[]')`.as('used_by'),
      ])
  )
}

type Row = Awaited<ReturnType<ReturnType<typeof ownSchedules>['execute']>>[number]

function presented(row: Row): OwnSchedule {
  return {
    id: row.id,
    name: row.name,
    timeZone: row.time_zone,
    weekly: row.weekly as WeeklyHours[],
    overrides: row.overrides as { date: string; ranges: HourRange[] }[],
    layers: row.layers as ScheduleLayer[],
    isDefault: row.is_default,
    version: row.updated_at.toString(),
    usedBy: row.used_by,
  }
}
