import { z } from 'zod'
import type { Ctx } from '../ctx.ts'
import { rehearse } from '../db/transaction.ts'
import { AppError, isAppError } from '../errors.ts'
import { answeredOnce } from '../http/api/idempotent.ts'
import { refusalOf } from '../http/api/refusal.ts'
import type { UsedKey } from '../http/api/route.ts'
import { mayUse } from '../http/api/scopes.ts'
import { parseInput } from '../input.ts'
import { confirmationFor, confirmedVersion, confirmField } from './confirmation.ts'
import { localTime, zonedText } from './fields.ts'
import type { Tool } from './tool.ts'
import { asText, hasUntrusted, WARNING } from './untrusted.ts'

/** In whose name tools are called. */
export interface Caller {
  ctx: Ctx
  key: UsedKey
}

/** What whoever set up the connection has decided; a model cannot say it. */
export interface ConnectionOptions {
  /** Changes are shown before they are made. */
  confirm: boolean
}

/** As the protocol has it. */
export interface ToolResult {
  [name: string]: unknown
  content: { type: 'text'; text: string }[]
  structuredContent?: Record<string, unknown>
  isError?: boolean
}

/** What a tool takes and gives beside its own: which depends on what it does. */
export function shapesOf({ effect, input, output, confirmation }: Tool): { input: z.ZodObject; output: z.ZodObject } {
  const taken = {
    ...(effect !== 'reads' && { idempotencyKey }),
    ...(confirmation && { confirm: confirmField }),
  }
  if (!confirmation) return { input: input.extend(taken), output }
  const pending = z.object({ token: z.string(), expiresAt: localTime })
  const given = z.object({
    done: z.boolean(),
    before: output.optional().describe('Until it is done: how it is.'),
    result: output.describe('How it has become; until it is done, how it would become.'),
    confirmation: pending.optional(),
  })
  return { input: input.extend(taken), output: given }
}

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .optional()
  .describe(
    'Any text of yours, new for each thing to be done: the same call with it is done once, however often it is sent.',
  )

export function mayCall({ access }: Tool, { scopes }: UsedKey): boolean {
  return access === 'any_key' || mayUse(scopes, access)
}

/** One call, with whatever comes of it: refusals are answers too, for the model to read. Faults are thrown. */
export async function calledTool(
  { ctx, key }: Caller,
  tool: Tool,
  args: unknown,
  options: ConnectionOptions,
): Promise<ToolResult> {
  try {
    if (!mayCall(tool, key)) throw new AppError('scope_missing', 'forbidden', { scope: tool.access })
    const answer = await answered(ctx, key, tool, args, options)
    ctx.log.info({ requestId: ctx.requestId, tool: tool.name }, 'tool')
    return resultOf(answer)
  } catch (failure) {
    if (!isAppError(failure)) throw failure
    ctx.log.info({ requestId: ctx.requestId, tool: tool.name, code: failure.code }, 'tool refused')
    return refusedResult(ctx, failure)
  }
}

type Answer = Record<string, unknown>

async function answered(
  ctx: Ctx,
  key: UsedKey,
  tool: Tool,
  args: unknown,
  options: ConnectionOptions,
): Promise<Answer> {
  const { confirm, idempotencyKey, ...input } = parseInput(shapesOf(tool).input, args ?? {}) as Answer & Common
  const { confirm: _, idempotencyKey: __, ...asked } = (args ?? {}) as Answer
  const agreement = { tool: tool.name, keyId: key.id, args: asked }
  const wantsToken = tool.confirmation !== undefined && options.confirm
  if (wantsToken && confirm === undefined) return shownFirst(ctx, tool, input, agreement)
  const version = wantsToken ? confirmedVersion(ctx, agreement, confirm as string) : undefined
  const work = async (working: Ctx): Promise<Answer> => {
    const result = await tool.run(working, input, version)
    return tool.confirmation ? { done: true, result } : result
  }
  // A token is for one thing, so it is as good as a key that the client makes.
  const once = idempotencyKey ?? (wantsToken ? confirm : undefined)
  if (once === undefined) return work(ctx)
  const repeatable = { key: once, route: `TOOL ${tool.name}`, request: asked }
  const { reply } = await answeredOnce(ctx, repeatable, async (working) => ({
    status: 200,
    body: JSON.stringify(await work(working)),
  }))
  return JSON.parse(reply.body)
}

interface Common {
  confirm?: string
  idempotencyKey?: string
}

/** What would become of it: what is refused is refused here already. */
async function shownFirst(
  ctx: Ctx,
  tool: Tool,
  input: Answer,
  agreement: { tool: string; keyId: string; args: unknown },
): Promise<Answer> {
  const { present, version } = (await tool.confirmation?.look(ctx, input)) ?? { present: {}, version: 0 }
  const result = await rehearse(ctx.db, (tx) => tool.run({ ...ctx, db: tx }, input, version))
  const { token, expiresAt } = confirmationFor(ctx, { ...agreement, version })
  return { done: false, before: present, result, confirmation: { token, expiresAt: zonedText(expiresAt, 'UTC') } }
}

const NOT_DONE =
  'Nothing has been done. Show the person what would change, and only if they agree call the same tool with the same arguments and `confirm` set to the token.'

function resultOf(answer: Answer): ToolResult {
  // What is not there has no place in JSON, and clients hold the answer against its shape.
  const plain = JSON.parse(JSON.stringify(answer)) as Answer
  const notes = [plain.done === false ? NOT_DONE : '', hasUntrusted(plain) ? WARNING : ''].filter(Boolean)
  const content = [...notes, asText(plain)].map((text) => ({ type: 'text' as const, text }))
  return { content, structuredContent: plain }
}

function refusedResult({ clock }: Ctx, failure: AppError): ToolResult {
  const { error } = refusalOf(failure, '', clock.now().toString())
  return { isError: true, content: [{ type: 'text', text: asText({ error }) }] }
}
