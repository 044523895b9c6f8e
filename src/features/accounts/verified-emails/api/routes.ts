import { z } from 'zod'
import { openCursor, paginationOf } from '#platform/http/api/pages.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { userScope } from '#platform/scope.ts'
import { accountError } from '../../errors.ts'
import { requestEmailCode, verifyEmail } from '../commands.ts'
import { findVerifiedEmail, listVerifiedEmails } from '../queries.ts'
import {
  cursorShape,
  emailCode,
  emailCodeRequest,
  phoneCode,
  phoneCodeRequest,
  verifiedEmail,
  verifiedParams,
  verifiedPhone,
  verifiedQuery,
} from './schema.ts'

const common = { tag: 'Verified resources', versions: UNVERSIONED } as const

const requestCode = defineApiRoute({
  ...common,
  method: 'post',
  path: '/verified-resources/emails/verification-code/request',
  operationId: 'requestEmailVerificationCode',
  summary: 'Mail a code to an address',
  description: 'The reply is the same whether or not the address is verified already.',
  access: 'PROFILE_WRITE',
  body: emailCodeRequest,
  refusals: ['mail_unavailable', 'rate_limited'],
  async run(ctx, { body }) {
    await requestEmailCode(ctx, body)
    return { data: undefined }
  },
})

const verify = defineApiRoute({
  ...common,
  method: 'post',
  path: '/verified-resources/emails/verification-code/verify',
  operationId: 'verifyEmail',
  summary: 'Verify an address with its code',
  access: 'PROFILE_WRITE',
  body: emailCode,
  data: verifiedEmail,
  refusals: ['mail_code_wrong', 'too_many_verified_emails', 'rate_limited'],
  async run(ctx, { body }) {
    return { data: { ...(await verifyEmail(ctx, body)), userId: userScope(ctx).userId } }
  },
})

const listEmails = defineApiRoute({
  ...common,
  method: 'get',
  path: '/verified-resources/emails',
  operationId: 'getVerifiedEmails',
  summary: 'Verified mail addresses',
  access: 'PROFILE_READ',
  query: verifiedQuery,
  data: z.array(verifiedEmail),
  paged: true,
  async run(ctx, { query: { skip, take, cursor } }) {
    const scope = userScope(ctx)
    const [after] = cursor === undefined ? [] : openCursor(cursor, cursorShape)
    const { emails, total, before, next } = await listVerifiedEmails(ctx.db, scope, { skip, take, after })
    const page = { total, returned: emails.length, skip: before, take, next: next === null ? null : [next] }
    return {
      data: emails.map(({ id, email }) => ({ id, email, userId: scope.userId })),
      pagination: paginationOf(page),
    }
  },
})

const getEmail = defineApiRoute({
  ...common,
  method: 'get',
  path: '/verified-resources/emails/{id}',
  operationId: 'getVerifiedEmail',
  summary: 'One verified mail address',
  access: 'PROFILE_READ',
  params: verifiedParams,
  data: verifiedEmail,
  refusals: ['verified_email_not_found'],
  async run(ctx, { params }) {
    const scope = userScope(ctx)
    const { id, email } = await findVerifiedEmail(ctx.db, scope, params.id)
    return { data: { id, email, userId: scope.userId } }
  },
})

/** Nothing here sends text messages, so no number can be proven: there are none, and that is said. */
const NO_PHONES = 'No text messages are sent by this installation, so there are no verified numbers.'

const requestPhoneCode = defineApiRoute({
  ...common,
  method: 'post',
  path: '/verified-resources/phones/verification-code/request',
  operationId: 'requestPhoneVerificationCode',
  summary: 'Send a code to a number',
  description: NO_PHONES,
  access: 'PROFILE_WRITE',
  body: phoneCodeRequest,
  refusals: ['text_messages_unavailable'],
  run: async () => {
    throw accountError('text_messages_unavailable')
  },
})

const verifyPhone = defineApiRoute({
  ...common,
  method: 'post',
  path: '/verified-resources/phones/verification-code/verify',
  operationId: 'verifyPhone',
  summary: 'Verify a number with its code',
  description: NO_PHONES,
  access: 'PROFILE_WRITE',
  body: phoneCode,
  data: verifiedPhone,
  refusals: ['text_messages_unavailable'],
  run: async () => {
    throw accountError('text_messages_unavailable')
  },
})

const listPhones = defineApiRoute({
  ...common,
  method: 'get',
  path: '/verified-resources/phones',
  operationId: 'getVerifiedPhones',
  summary: 'Verified numbers',
  description: NO_PHONES,
  access: 'PROFILE_READ',
  query: verifiedQuery,
  data: z.array(verifiedPhone),
  paged: true,
  run: async (_ctx, { query: { skip, take } }) => ({
    data: [],
    pagination: paginationOf({ total: 0, returned: 0, skip, take }),
  }),
})

const getPhone = defineApiRoute({
  ...common,
  method: 'get',
  path: '/verified-resources/phones/{id}',
  operationId: 'getVerifiedPhone',
  summary: 'One verified number',
  description: NO_PHONES,
  access: 'PROFILE_READ',
  params: verifiedParams,
  data: verifiedPhone,
  refusals: ['verified_phone_not_found'],
  run: async () => {
    throw accountError('verified_phone_not_found')
  },
})

export const verifiedResourceRoutes: readonly ApiRoute[] = [
  ...[requestCode, verify, listEmails, getEmail],
  ...[requestPhoneCode, verifyPhone, listPhones, getPhone],
]
