// forbidden: a vendor by name
import { pay } from '../../integrations/acme/payments.ts'
export const charge = pay
