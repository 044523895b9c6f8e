import { contract } from '../_kit/payments.ts'
import { fetchSafely } from '#platform/http/fetch.ts'
export const pay = [contract, fetchSafely]
