import type { Services } from '#platform/ctx.ts'

const KEY = Symbol.for('sundial.services')
type Holder = { [KEY]?: Services }

/**
 * The web build is a bundle of its own, loaded by the server process: it finds the services of that process here instead of making a
 * second pool and queue.
 */
export function publishServices(services: Services): void {
  ;(globalThis as Holder)[KEY] = services
}

export function publishedServices(): Services {
  const services = (globalThis as Holder)[KEY]
  if (!services) throw new Error('The web build runs inside src/app/server.ts or src/app/dev.ts only')
  return services
}
