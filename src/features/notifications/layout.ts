import { directionOf, type Locale } from '#platform/i18n/locale.ts'
import type { MailParty, OutgoingMail } from '#platform/mail/transport.ts'
import { introduction } from '../bookings/answers/types.ts'
import type { Content, Link, Row } from './content.ts'
import { html, type Markup } from './markup.ts'

/** The colours are those of src/ui/tokens.css, written out: no mail program knows custom properties. */
const DEFAULT_BRAND = '#0d6b5f'
const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

interface Envelope {
  /** Of the delivery. */
  id: string
  /** Of the instance. */
  url: URL
  to: MailParty
  locale: Locale
  /** `#rrggbb` */
  brandColor: string | null
}

/** A mail with nothing for a calendar in it, which nobody is meant to answer. */
export function plainMail(content: Content, { id, url, to, locale, brandColor }: Envelope): OutgoingMail {
  return {
    ...{ messageId: `${id}@${url.hostname}`, to, replyTo: null, subject: content.subject },
    ...{ text: textOf(content), html: htmlOf(content, locale, brandColor), calendar: null },
  }
}

/** Text for readers that show no HTML. */
export function textOf({ title, lead, rows, action, links, footer }: Content): string {
  const told = rows.map(({ label, lines }) => `${introduction(label)}\n${lines.map((line) => `  ${line}`).join('\n')}`)
  const led = [action, ...links].filter((link) => link !== null).map(({ text, href }) => `${text}:\n  ${href}`)
  return `${[title, lead, ...told, ...led, `-- \n${footer}`].join('\n\n')}\n`
}

/**
 * One calm column. Tables and inline styles, because Outlook on Windows lays out with Word; the style sheet only adds the dark
 * colours, for readers that know them.
 * @param brandColor `#rrggbb`
 */
export function htmlOf(content: Content, locale: Locale, brandColor: string | null): string {
  const brand = brandColor && /^#[0-9a-f]{6}$/i.test(brandColor) ? brandColor : DEFAULT_BRAND
  const { title, lead, rows, action, links, footer } = content
  const page = html`<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${title}</title>
<style>
:root{color-scheme:light dark}
a{text-decoration:underline}
@media (prefers-color-scheme:dark){
body,.page{background-color:#14130f!important}
.card{background-color:#1c1a16!important;border-color:#322e27!important}
.strong{color:#f3eee4!important}
.soft{color:#b9b0a1!important}
.rule{border-color:#322e27!important}
.plain-link{color:#f3eee4!important}
}
@media (max-width:480px){
.pad{padding:28px 22px!important}
.label{display:block!important;width:auto!important;padding-bottom:2px!important}
.value{display:block!important;padding-top:0!important;border-top:0!important}
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f7f4ee">
<div style="display:none;max-height:0;overflow:hidden">${lead}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f7f4ee">
<tr><td align="center" style="padding:32px 12px">
<!--[if mso]><table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td bgcolor="${brand}" height="4" style="height:4px;line-height:4px;font-size:0;background-color:${brand};border-radius:12px 12px 0 0">&nbsp;</td></tr>
<tr><td class="card pad" bgcolor="#fffdf9" style="padding:36px 40px;background-color:#fffdf9;border:1px solid #e5dfd3;border-top:0;border-radius:0 0 12px 12px;font-family:${FONT}">
<h1 class="strong" style="margin:0 0 12px;font-size:24px;line-height:31px;font-weight:600;color:#1f1c17">${title}</h1>
<p class="soft" style="margin:0 0 26px;font-size:16px;line-height:24px;color:#5c5549">${lead}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%">
${rows.map(rowMarkup)}</table>
${actionMarkup(action, brand)}${linksMarkup(links)}</td></tr>
<tr><td class="soft" align="center" style="padding:20px 24px 0;font-family:${FONT};font-size:13px;line-height:19px;color:#5c5549">${footer}</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
`
  return page.markup
}

const CELL = `border-top:1px solid #e5dfd3;font-family:${FONT};font-size:15px;line-height:23px;vertical-align:top`

function rowMarkup({ label, lines, href, struck }: Row): Markup {
  const shown = lines.map((line, index) => {
    const isLast = index === lines.length - 1
    const linked = href !== undefined && isLast ? linkMarkup({ text: line, href }) : html`${line}`
    return html`${linked}${isLast ? null : html`<br>`}`
  })
  const decoration = struck ? 'line-through' : 'none'
  return html`<tr>
<th scope="row" class="label rule soft" align="left" width="112" style="${CELL};width:112px;padding:13px 16px 13px 0;font-weight:400;text-align:start;color:#5c5549">${label}</th>
<td class="value rule strong" style="${CELL};padding:13px 0;color:#1f1c17;text-decoration:${decoration};word-break:break-word">${shown}</td>
</tr>
`
}

function linkMarkup({ text, href }: Link): Markup {
  return html`<a href="${href}" class="plain-link" style="color:#1f1c17">${text}</a>`
}

/** A cell with a background is the one button that every reader draws. */
function actionMarkup(action: Link | null, brand: string): Markup | null {
  if (!action) return null
  const ink = inkOn(brand)
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin-top:28px">
<tr><td bgcolor="${brand}" style="background-color:${brand};border-radius:8px"><a href="${action.href}" style="display:inline-block;padding:13px 24px;font-family:${FONT};font-size:16px;line-height:20px;font-weight:600;color:${ink};text-decoration:none;border-radius:8px">${action.text}</a></td></tr>
</table>
`
}

function linksMarkup(links: readonly Link[]): Markup | null {
  if (links.length === 0) return null
  const shown = links.map((link, index) => html`${index === 0 ? null : html` &nbsp;·&nbsp; `}${linkMarkup(link)}`)
  return html`<p class="soft" style="margin:20px 0 0;font-size:15px;line-height:22px;color:#5c5549">${shown}</p>
`
}

/** Black or white, whichever reads better on the colour: one of them always has 4.5 : 1 (WCAG 2.2, 1.4.3). */
function inkOn(color: string): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(color.slice(at, at + 2), 16) / 255),
  )
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000'
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}
