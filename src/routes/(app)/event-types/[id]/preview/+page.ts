/** What visitors see, as they get it: HTML. */
export const csr = false
