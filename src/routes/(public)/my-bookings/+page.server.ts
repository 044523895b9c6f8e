import { redirect } from '@sveltejs/kit'
import { askForBookerLink } from '#features/bookings/booker-links/commands.ts'
import { formAction } from '#platform/http/kit.ts'
import { keepSecret } from '../booking.server.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = (event) => {
  keepSecret(event)
  return { sent: event.url.searchParams.has('sent') }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      await askForBookerLink(event.locals.ctx, { email: form.get('email') ?? '' })
      redirect(303, '/my-bookings?sent')
    }),
}
