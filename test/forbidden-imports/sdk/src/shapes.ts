export { z } from 'zod' // forbidden: the client has no dependencies
