import type { EventType } from '../../event-types/types.ts'

/**
 * Services at which anybody gets an address, by country or language of most of their users. Written down here, because the packages that
 * collect them fetch from elsewhere while they are installed, and hold thousands of domains that nobody has had an address at for years.
 */
const SERVICES = `
  gmail.com googlemail.com icloud.com me.com mac.com aol.com aim.com msn.com passport.com mail.com email.com usa.com post.com
  proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.io tuta.com keemail.me hey.com duck.com
  fastmail.com fastmail.fm zoho.com zohomail.com zohomail.eu hushmail.com mailfence.com disroot.org riseup.net startmail.com
  inbox.com lycos.com rocketmail.com ymail.com myspace.com excite.com juno.com netzero.net att.net sbcglobal.net bellsouth.net
  comcast.net verizon.net cox.net charter.net earthlink.net optonline.net roadrunner.com windstream.net frontier.com
  rogers.com shaw.ca sympatico.ca bell.net telus.net videotron.ca
  web.de freenet.de t-online.de posteo.de posteo.net mailbox.org arcor.de online.de email.de mail.de magenta.de
  vodafone.de vodafonemail.de kabelmail.de unity-mail.de 1und1.de gmx.net
  aon.at chello.at utanet.at bluewin.ch hispeed.ch sunrise.ch swissonline.ch
  laposte.net orange.fr wanadoo.fr free.fr sfr.fr neuf.fr bbox.fr numericable.fr club-internet.fr alice.fr
  libero.it virgilio.it tiscali.it alice.it tin.it tim.it inwind.it iol.it fastwebnet.it email.it
  telefonica.net terra.es ono.com orange.es sapo.pt iol.pt clix.pt
  btinternet.com btopenworld.com ntlworld.com virginmedia.com blueyonder.co.uk sky.com talktalk.net tiscali.co.uk eircom.net
  ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl home.nl upcmail.nl telenet.be skynet.be proximus.be scarlet.be
  telia.com bredband.net spray.se online.no frisurf.no mail.dk stofanet.dk jubii.dk luukku.com suomi24.fi kolumbus.fi
  wp.pl o2.pl onet.pl onet.eu op.pl poczta.onet.pl interia.pl interia.eu gazeta.pl tlen.pl go2.pl
  seznam.cz email.cz centrum.cz volny.cz post.cz atlas.cz azet.sk centrum.sk zoznam.sk post.sk
  freemail.hu citromail.hu t-online.hu abv.bg mail.bg otenet.gr in.gr
  mail.ru bk.ru inbox.ru list.ru internet.ru rambler.ru ya.ru yandex.ru yandex.com yandex.ua yandex.kz yandex.by
  ukr.net i.ua meta.ua tut.by inbox.lv inbox.lt walla.co.il walla.com mynet.com
  qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn 21cn.com tom.com
  naver.com daum.net hanmail.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com excite.co.jp
  rediffmail.com sify.com indiatimes.com
  uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com r7.com zipmail.com.br oi.com.br
  fibertel.com.ar arnet.com.ar prodigy.net.mx
  bigpond.com bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz slingshot.co.nz webmail.co.za mweb.co.za telkomsa.net
`

const FREE: ReadonlySet<string> = new Set(SERVICES.trim().split(/\s+/))

/** Services with a domain for each country, such as `yahoo.co.jp`. */
const WITH_COUNTRIES = /^(yahoo|hotmail|outlook|live|windowslive|gmx)\.(com|[a-z]{2}|(co|com)\.[a-z]{2})$/

/** Whether an address (canonical) is of a service at which anybody gets one. Subdomains are not looked at: those are given to somebody. */
export function isFreeMail(email: string): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  return FREE.has(domain) || WITH_COUNTRIES.test(domain)
}

/** An offer as it is made to who books from this address: where only free addresses wait for confirmation, others do not. */
export function offeredTo<O extends { eventType: Pick<EventType, 'requiresConfirmation' | 'confirmFreeMail'> }>(
  offer: O,
  email: string,
): O {
  const { eventType } = offer
  if (!eventType.confirmFreeMail || isFreeMail(email)) return offer
  return { ...offer, eventType: { ...eventType, requiresConfirmation: false } }
}
