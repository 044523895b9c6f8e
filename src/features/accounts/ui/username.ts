/** A username that a name suggests: `Zoë  Müller-Lüdenscheidt` → `zoe-muller-ludenscheidt`. Empty when it suggests none. */
export function suggestedUsername(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '')
}
