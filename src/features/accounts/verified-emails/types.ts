/** A further mail address of an account that is proven to be its owner's. */
export interface VerifiedEmail {
  id: number
  email: string
}
