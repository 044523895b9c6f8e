import type { Reaction } from '#platform/events.ts'
import type { Job } from '#platform/jobs.ts'

/** Every reaction to an event, by name: nothing reacts that is not in this list. */
export const reactions: readonly Reaction[] = []

/** Jobs that are not reactions. */
export const jobs: readonly Job[] = []
