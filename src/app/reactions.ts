import { type Carrier, deliveryJob, deliverySweep } from '#platform/deliveries.ts'
import type { Reaction } from '#platform/events.ts'
import type { Job } from '#platform/jobs.ts'
import type { PeriodicWork } from '#platform/periodic.ts'

/** Every reaction to an event, by name: nothing reacts that is not in this list. */
export const reactions: readonly Reaction[] = []

/** Who delivers what. */
const carriers: readonly Carrier[] = []

/** Jobs that are not reactions. */
export const jobs: readonly Job[] = [deliveryJob(carriers)]

/** What every worker looks after from time to time. */
export const periodic: readonly PeriodicWork[] = [deliverySweep(carriers)]
