export { server } from '../../src/app/server.ts' // forbidden: the client stands alone
