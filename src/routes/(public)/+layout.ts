/** Visitors get HTML, and one small island where it helps (booker.server.ts). */
export const csr = false
