import type { Answer } from '../../answers/types.ts'

/** Somebody who comes along with a booker of several seats, and was named. */
export interface Companion {
  name: string
  /** To what is asked of each person; absent where nothing was. */
  answers?: Answer[]
}

/** A companion for who may not read everything that was answered. */
export type ShownCompanion = Required<Companion>
