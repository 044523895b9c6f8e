/** Somebody who comes along with a booker of several seats, and was named. */
export interface Companion {
  name: string
}
