export type Minute = number
