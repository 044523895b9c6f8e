import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createEventType } from '#features/event-types/commands.ts'
import { pageOfEventTypes } from '#features/event-types/listing/queries.ts'
import { findEventType } from '#features/event-types/queries.ts'
import { MOST_EVENT_TYPES } from '#features/event-types/rules.ts'
import type { NewEventType } from '#features/event-types/schema.ts'
import type { Ctx } from '#platform/ctx.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from './context.ts'
import { insertHost, type TestHost } from './offers.ts'

/** What stands when a test begins: each has hosts of its own. */
interface Setting {
  context: TestContext
  host: TestHost
  other: TestHost
  /** As the one and as the other. */
  ctx: Ctx
  otherCtx: Ctx
}

/** A host who makes event types, for the tests of a file. */
export function useEventTypes() {
  const at = {} as Setting
  beforeAll(async () => {
    at.context = await testContext()
  })
  afterAll(() => at.context.close())
  beforeEach(async () => {
    const { db } = at.context.database
    at.host = await insertHost(db)
    at.other = await insertHost(db)
    at.ctx = at.context.as({ kind: 'user', userId: at.host.id, role: 'member', via: 'session' })
    at.otherCtx = at.context.as({ kind: 'user', userId: at.other.id, role: 'member', via: 'session' })
  })

  const read = (id: number) => findEventType(at.ctx.db, userScope(at.ctx), id)
  const list = async () => (await pageOfEventTypes(at.ctx.db, userScope(at.ctx), { take: MOST_EVENT_TYPES })).eventTypes

  /** @returns the id of a new one */
  async function made(input: Partial<NewEventType> = {}): Promise<number> {
    return (await createEventType(at.ctx, { title: 'Talk', durations: [30], ...input })).id
  }

  return { at, read, list, made }
}
