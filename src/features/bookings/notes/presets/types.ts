/** A text a host writes again and again. */
export interface NotePreset {
  id: number
  text: string
  /** What bookers are told when a booking is called off for it; empty where it is for notes only. */
  reason: string
}
