/** The embedded database cannot be had; the message says why and what to do about it. */
export class EmbeddedError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EmbeddedError'
  }
}
