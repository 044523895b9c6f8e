import { refreshAccount } from '#app/session.ts'
import { removeAvatar, replaceAvatar } from '#features/accounts/avatars/commands.ts'
import { updateProfile } from '#features/accounts/commands.ts'
import { formFields } from '#platform/fields.ts'
import { formAction } from '#platform/http/kit.ts'
import type { Actions } from './$types'

export const actions: Actions = {
  profile: (event) =>
    formAction(event, async (form) => {
      await updateProfile(event.locals.ctx, formFields(form))
      await refreshAccount(event.locals)
      return { saved: 'profile' as const }
    }),
  picture: (event) =>
    formAction(event, async (form) => {
      await replaceAvatar(event.locals.ctx, form.get('avatar'))
      await refreshAccount(event.locals)
      return { saved: 'picture' as const }
    }),
  removePicture: (event) =>
    formAction(event, async () => {
      await removeAvatar(event.locals.ctx)
      await refreshAccount(event.locals)
      return { saved: 'picture' as const }
    }),
}
