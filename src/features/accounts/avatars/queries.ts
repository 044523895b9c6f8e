import type { Db } from '#platform/db/connect.ts'

/** For everyone: the picture beside a name on public pages. Null when there is no such person or they have none. */
export async function publicAvatar(
  db: Db,
  username: string,
): Promise<{ etag: string; contentType: string; bytes: Buffer<ArrayBuffer> } | null> {
  const row = await db
    .selectFrom('users')
    .innerJoin('avatars', 'avatars.user_id', 'users.id')
    .select(['users.avatar_etag', 'avatars.content_type', 'avatars.bytes'])
    .where('users.username', '=', username)
    .executeTakeFirst()
  if (!row || row.avatar_etag === null) return null
  return { etag: row.avatar_etag, contentType: row.content_type, bytes: Buffer.from(row.bytes) }
}
