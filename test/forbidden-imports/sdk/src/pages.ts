export { call } from './send.ts'
