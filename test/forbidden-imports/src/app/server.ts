import { load } from '../routes/(app)/page.ts'
export const server = load
