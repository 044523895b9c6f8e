// forbidden: a public page with the dashboard in it
import { load } from '../(app)/page.ts'
export const page = load
