/** A file that was sent with a booking, for the question of that key. */
export interface Upload {
  key: string
  name: string
  bytes: Uint8Array
}

/** With the id under which it will be kept. */
export interface NamedUpload extends Upload {
  id: string
}
