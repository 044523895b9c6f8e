/** Who does it. Only the server makes these; nothing in a request body names an actor. */
export type Actor =
  | { kind: 'user'; userId: number; role: 'owner' | 'admin' | 'member'; via: 'session' | 'api_key' | 'mail_link' }
  /** Someone without an account, acting through a public page or a link only they were sent. */
  | { kind: 'visitor' }
  /** The instance itself, in a job; or whoever runs it, by the command line. */
  | { kind: 'system'; via?: 'command_line' }

/** What an audit row keeps of an actor. */
export function actorRecord(actor: Actor): Record<string, unknown> {
  if (actor.kind === 'user') return { kind: 'user', id: actor.userId, via: actor.via }
  return actor.kind === 'system' && actor.via ? { kind: 'system', via: actor.via } : { kind: actor.kind }
}
