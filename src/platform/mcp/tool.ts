import type { z } from 'zod'
import type { Ctx } from '../ctx.ts'
import type { Access } from '../http/api/scopes.ts'

/** What a call does to what is there; programs that ask people before they call decide by it. */
export type Effect = 'reads' | 'adds' | 'changes'

/** Something that is changed only after its owner was shown what would become of it. */
interface Confirmation<A> {
  /** How it is now, and which version that is: the change is then made to that version or not at all. */
  look: (ctx: Ctx, input: A) => Promise<{ present: object; version: number }>
}

interface Definition<I extends z.ZodObject, O extends z.ZodObject> {
  /** A verb and what it is about: `find_slots`. */
  name: string
  title: string
  /** For the model that chooses among tools: what it does and when to call it. */
  description: string
  /** What a key must be for, to be shown the tool and to call it. Nothing is for those without a key. */
  access: Exclude<Access, 'public'>
  effect: Effect
  /** Doing it again does nothing more. */
  repeatable?: boolean
  input: I
  output: O
  /** Absent: it is done at once. */
  confirmation?: Confirmation<z.output<I>>
  /** @param version that somebody has agreed to change; absent: whichever there is */
  run: (ctx: Ctx, input: z.output<I>, version?: number) => Promise<z.input<O>>
}

/** A tool as the server sees it. */
export type Tool = Definition<z.ZodObject, z.ZodObject>

/** One tool for assistants: call one query or command, present. Input is checked before, as its shape says. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(definition: Definition<I, O>): Tool {
  return definition as unknown as Tool
}
