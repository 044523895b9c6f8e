import type { SubmitFunction } from '$app/forms'

/** Follows one form with `use:enhance={submission.track}`: `busy` while it is under way. What was typed stays. */
export function busyWhile({ reset = false }: { reset?: boolean } = {}): {
  readonly busy: boolean
  readonly track: SubmitFunction
} {
  let busy = $state(false)
  return {
    get busy() {
      return busy
    },
    track: () => {
      busy = true
      return async ({ update }) => {
        await update({ reset })
        busy = false
      }
    },
  }
}
