import type { Db } from '#platform/db/connect.ts'
import type { UserScope } from '#platform/scope.ts'
import type { NotePreset } from './types.ts'

/** As they were added; there are no more than `MOST_PRESETS`. */
export async function listPresets(db: Db, { userId }: UserScope): Promise<NotePreset[]> {
  return db
    .selectFrom('note_presets')
    .where('user_id', '=', userId)
    .select(['id', 'text', 'reason'])
    .orderBy('id')
    .execute()
}
