// forbidden: a dynamic import of a route
export const page = () => import('../../routes/(app)/page.ts')
