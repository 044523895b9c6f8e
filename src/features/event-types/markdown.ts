import MarkdownIt from 'markdown-it'

/** Web and mail addresses; nothing relative, nothing that a browser would run. */
const SAFE_LINK = /^(https?:\/\/|mailto:)/i

const renderer = new MarkdownIt('default', { html: false, linkify: true, breaks: true, maxNesting: 20 })
// An image of another site would tell that site who reads.
renderer.disable('image')
renderer.validateLink = (url) => SAFE_LINK.test(url.trim())
renderer.linkify.set({ fuzzyEmail: false, fuzzyIP: false })

renderer.renderer.rules.link_open = (tokens, index, options, _, self) => {
  const token = tokens[index]
  token?.attrSet('rel', 'noopener nofollow')
  token?.attrSet('target', '_blank')
  return self.renderToken(tokens, index, options)
}

/** Headings stand below those of the page, without a gap between two levels, whatever level somebody began with. */
const LEVELS_OF_PAGE = 2
renderer.core.ruler.push('heading_levels', ({ tokens }) => {
  const outer: string[] = []
  for (const token of tokens) {
    if (token.type === 'heading_open') {
      while ((outer.at(-1) ?? '') >= token.tag) outer.pop()
      outer.push(token.tag)
    }
    if (token.type.startsWith('heading_')) token.tag = `h${Math.min(6, outer.length + LEVELS_OF_PAGE)}`
  }
})

/** What a host wrote, as HTML that is safe on a page of this site: no markup of its own, no scripts, no images, only outside links. */
export function renderMarkdown(markdown: string): string {
  return renderer.render(markdown)
}

/** The words alone, in one line of at most `max` characters: for previews and descriptions of pages. */
export function markdownText(markdown: string, max: number): string {
  const words = renderer
    .parse(markdown, {})
    .flatMap((block) => (block.type === 'inline' ? textOf(block) : block.type === 'fence' ? block.content : []))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words.length <= max ? words : `${words.slice(0, max - 1).trimEnd()}…`
}

function textOf(block: { children: { type: string; content: string }[] | null }): string {
  return (block.children ?? [])
    .map(({ type, content }) => (type === 'softbreak' || type === 'hardbreak' ? ' ' : content))
    .join('')
}
