import type { Db } from '#platform/db/connect.ts'

export interface PublicAvatar {
  etag: string
  contentType: string
  bytes: Buffer<ArrayBuffer>
}

/** For everyone: the picture beside a name on public pages. Null when there is no such person or they have none. */
export async function publicAvatar(db: Db, username: string): Promise<PublicAvatar | null> {
  return (await publicAvatars(db, [username])).get(username) ?? null
}

/** The same of several, by username, in one statement. */
export async function publicAvatars(db: Db, usernames: readonly string[]): Promise<ReadonlyMap<string, PublicAvatar>> {
  const rows = await db
    .selectFrom('users')
    .innerJoin('avatars', 'avatars.user_id', 'users.id')
    .select(['users.username', 'users.avatar_etag as etag', 'avatars.content_type as contentType', 'avatars.bytes'])
    .where('users.username', 'in', usernames)
    .execute()
  const avatars = rows.flatMap(({ username, etag, bytes, ...rest }) =>
    etag === null ? [] : [[username, { ...rest, etag, bytes: Buffer.from(bytes) }] as const],
  )
  return new Map(avatars)
}
