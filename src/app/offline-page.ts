import { directionOf, type Locale } from '#platform/i18n/locale.ts'
import de from '#platform/i18n/messages/de/offline.json' with { type: 'json' }
import en from '#platform/i18n/messages/en/offline.json' with { type: 'json' }

const TEXTS: Record<Locale, typeof en> = { en, de }

/** As in `src/ui/tokens.css`, which cannot be fetched then. */
const STYLE = `
:root{color-scheme:light dark}
body{display:grid;place-items:center;box-sizing:border-box;min-height:100dvh;margin:0;padding:1.5rem;
background:light-dark(#f7f4ee,#14130f);color:light-dark(#1f1c17,#f3eee4);font:400 1rem/1.55 system-ui,sans-serif}
main{max-width:28rem}
h1{margin:0 0 .75rem;font-size:1.625rem;line-height:1.2;letter-spacing:-.015em}
p{margin:0 0 1.5rem}
a{display:inline-flex;align-items:center;min-height:2.75rem;padding:.4rem 1.05rem;box-sizing:border-box;border-radius:9px;
background:light-dark(#0d6b5f,#54c2ae);color:light-dark(#fff,#14130f);font-weight:560;text-decoration:none}
a:focus-visible{outline:2px solid light-dark(#0b5f55,#6cd0bd);outline-offset:2px}`

/**
 * What stands in for a page of a host when the server cannot be reached. It holds nothing of anybody's, needs nothing from elsewhere,
 * and its one link asks for the same page again.
 */
export function offlinePage(locale: Locale): Response {
  const words = TEXTS[locale]
  const html = `<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title} · Sundial</title><style>${STYLE}</style></head>
<body><main><h1>${words.title}</h1><p>${words.text}</p><a href="">${words.retry}</a></main></body>
</html>`
  return new Response(html, {
    status: 503,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    },
  })
}
