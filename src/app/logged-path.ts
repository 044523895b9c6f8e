import { apiRoutes } from './api.ts'

/** What comes before a key: that of the page itself, or of a booking that a page of its host is about. */
const KEYED =
  /^\/(answer|setup|auth\/reset|auth\/return|auth\/link|settings\/security\/address|booking|reschedule|my-bookings|feeds|d|bookings\/detail)\/[^/]+/
const API = /^\/(api\/)?v2\//

/** What stands in addresses of the API for everybody to see. */
const API_WORDS = new Set(apiRoutes.flatMap(({ path }) => path.split('/')).filter((part) => !part.startsWith('{')))

/** The path of a request as the log has it: whoever reads logs could open addresses that are secrets. */
export function loggedPath(path: string): string {
  const bare = path.split('?')[0] ?? ''
  return API.test(bare) ? bare.split('/').map(ofApi).join('/') : bare.replace(KEYED, '/$1/…')
}

function ofApi(part: string): string {
  const isPlain = part === 'api' || part === 'v2' || API_WORDS.has(part) || /^\d{1,16}$/.test(part)
  return isPlain ? part : '…'
}
