import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

/** Paths under which services keep the page of one person; from the services' own addresses, retrieved 2026-11-21. */
const PAGES =
  /(?:linkedin\.com\/in|facebook\.com\/(?:people|profile\.php\?id=)|instagram\.com|(?:twitter|x)\.com|tiktok\.com\/@|t\.me|medium\.com\/@|viadeo\.com\/(?:fr\/)?profile|copainsdavant\.linternaute\.com\/p|orcid\.org|wa\.me|snapchat\.com\/add)\/?=?@?([\w.%-]{3,64})/iy
/** Pages of the services themselves. */
const NOBODY =
  /^(?:p|explore|reel|reels|stories|home|about|help|login|share|intent|search|hashtag|i|settings|privacy|tos|legal|developer|accounts|username|your[-_]?\w{0,20})$/i
const HOSTS =
  'linkedin.com/in/|facebook.com/people|facebook.com/profile|instagram.com/|twitter.com/|/x.com/|tiktok.com/@|medium.com/@|viadeo.com/|copainsdavant.linternaute.com/p|orcid.org/|wa.me/|snapchat.com/add'.split(
    '|',
  )
/** RFC 2606 and 6761: nobody's names. */
const RESERVED =
  /(?:^|[./])(?:example\.(?:com|org|net)|localhost)|\.(?:example|test|invalid|local)(?:[:/]|$)/i
const ADDRESS =
  /^["']?(?:https?:\/\/)?(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,5}[a-z]{2,24}(?::\d{1,5})?(?:[/?#][^\s"'<>]{0,400})?["']?$/i

/** A site that its owner calls theirs. */
const OWN_SITE: readonly NearRule[] = [
  {
    type: 'URL',
    rule: 'own-site',
    group: 'own-site',
    shape: /https?:\/\/[a-z\d][a-z\d.-]{2,100}\.[a-z]{2,24}(?:\/[^\s"'<>)]{0,200})?/gi,
    confidence: 0.6,
    reach: 24,
    back: 0,
  },
]

/** Addresses of the page of one person; a text that is nothing but an address is told at low confidence, which raises nothing. */
export const personalUrl: Detector = {
  id: 'personal-url',
  acrossParts: true,
  literals: [
    { name: 'person-page', standing: 'part', words: HOSTS },
    {
      name: 'own-site',
      standing: 'word',
      words:
        'my website|my site|my blog|my homepage|my portfolio|mon site|mon blog|ma page|mon portfolio|site web :|site web:|website:'.split(
          '|',
        ),
    },
  ],
  near: OWN_SITE,
  find(scan, found) {
    const { text } = scan
    const hits = scan.hits('person-page')
    let done = -1
    for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
      const at = (hits.starts[i] ?? 0) + (text[hits.starts[i] ?? 0] === '/' ? 1 : 0)
      if (at < done) continue
      PAGES.lastIndex = at
      const match = PAGES.exec(text)
      scan.steps.spend(96)
      if (match === null || NOBODY.test(match[1] ?? '')) continue
      done = at + match[0].length
      found({
        type: 'URL',
        rule: 'person-page',
        start: at,
        end: done,
        confidence: 0.7,
        because: [{ kind: 'prefix', name: hits.words[i] ?? '' }],
      })
    }
    if (text.length > 500 || text.length < 6 || !isAddress(text.trim())) return
    const start = text.indexOf(text.trim())
    const end = start + text.trim().length
    found({ type: 'URL', rule: 'url', start, end, confidence: 0.45, because: [{ kind: 'shape' }] })
  },
}

/** `www.name` without a domain under it is no address; nor is a file name. */
const isAddress = (value: string): boolean =>
  value.includes('.') &&
  !/\s/.test(value) &&
  ADDRESS.test(value) &&
  !RESERVED.test(value) &&
  !/^["']?(?:https?:\/\/)?www\.[^.]{1,63}$/i.test(value) &&
  (/^["']?https?:/i.test(value) ||
    /\.(?:com|org|net|io|fr|de|eu|uk|il|es|it|be|ch|nl|edu|gov)["']?$/i.test(value))
