/** Made by island-plugin.ts. */
declare module 'virtual:booker-island' {
  /** Path of the script of the public booking page. */
  export const address: string
}
