import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { slotTools } from '#features/availability/api/tools.ts'
import { bookingTools } from '#features/bookings/api/tools.ts'
import { eventTypeTools } from '#features/event-types/api/tools.ts'
import { scheduleTools } from '#features/schedules/api/tools.ts'
import { projectRoot } from '#platform/config.ts'
import type { Services } from '#platform/ctx.ts'
import { answeredMcp } from '#platform/mcp/http.ts'
import type { Tool } from '#platform/mcp/tool.ts'
import { ownerOf } from './key-owner.ts'
import { CLIENT_ADDRESS_HEADER, REQUEST_ID_HEADER } from './request-headers.ts'

/** Every tool for assistants, in the order in which they are listed. */
export const tools: readonly Tool[] = [...eventTypeTools, ...slotTools, ...bookingTools, ...scheduleTools]

export const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }

/** A request to /mcp. */
export function answerMcp(services: Services, request: Request): Promise<Response> {
  const came = {
    requestId: request.headers.get(REQUEST_ID_HEADER) ?? '',
    clientAddress: request.headers.get(CLIENT_ADDRESS_HEADER) ?? '',
  }
  return answeredMcp(services, request, came, { tools, version, ownerOf: (key) => ownerOf(services, key) })
}
