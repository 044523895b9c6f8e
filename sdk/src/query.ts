/** Lists are `a[]=1&a[]=2` and objects `a[b]=1`; what is undefined is left out. */
export function queryText(query: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) append(search, name, value)
  return search.size === 0 ? '' : `?${search}`
}

function append(search: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined || value === null) return
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      append(search, typeof item === 'object' ? `${name}[${index}]` : `${name}[]`, item)
    })
  } else if (typeof value === 'object') {
    for (const [part, item] of Object.entries(value)) append(search, `${name}[${part}]`, item)
  } else search.append(name, String(value))
}
