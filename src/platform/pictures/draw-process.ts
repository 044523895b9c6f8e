import { constants, setPriority } from 'node:os'
import type { Card } from './card.ts'
import { drawCard } from './drawing.ts'

/**
 * Draws one card after another for the process that started it, in memory that goes away with it. What strangers uploaded as images is
 * unpacked here and nowhere else.
 */
export type Drawn = { png: Uint8Array<ArrayBuffer> } | { problem: string }

function drawn(card: Card): Drawn {
  try {
    return { png: drawCard(card) }
  } catch (error) {
    return { problem: String(error) }
  }
}

// Whoever waits for a page comes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
process.on('message', (card: Card) => process.send?.(drawn(card)))
// Whoever wanted pictures is gone.
process.on('disconnect', () => process.exit())
