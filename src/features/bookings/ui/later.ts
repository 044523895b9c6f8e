import type { Component } from 'svelte'
import type { Booker } from './booker.svelte.ts'

/** Parts of the booker that are not needed at first, and how to get them. The server has them all at hand. */
export interface LaterParts {
  Form: Component<{ booker: Booker; slot: number }> | null
  /** Weeks and lists; months are there from the beginning. */
  LaidOut: Component<{ booker: Booker }> | null
  ZoneSearch: Component<{ booker: Booker; at: number; live?: boolean }> | null
  loadForm: () => Promise<LaterParts['Form']>
  loadLaidOut: () => Promise<LaterParts['LaidOut']>
  loadZoneSearch: () => Promise<LaterParts['ZoneSearch']>
}
