import type { Detector, Found } from '../../scan/detector.ts'
import type { Hits } from '../../scan/hits.ts'
import type { Scan } from '../../scan/scan.ts'
import { FORMS_AFTER, KINDS_AFTER, KINDS_BEFORE } from './words.ts'

/** Said for masking and for those who read findings; no class comes of it. */
const SAID_ONLY = 0.48
const BY_ITS_FORM = 0.6
/** Units of a name before or behind the word that tells what it is. */
const REACH = 72

const NAME = String.raw`\p{Lu}[\p{L}\d'’.-]{0,24}`
const BETWEEN = String.raw`(?: (?:& |and |et |of |de |du |des |la |le |the )?|-|’)`
/** Capitalised words to the end of the stretch, and a comma where a legal form follows. */
const BEFORE = new RegExp(`(?<![\\p{L}\\d.@/_-])(${NAME}(?:${BETWEEN}${NAME}){0,4})(,? )$`, 'u')
const BEHIND = new RegExp(
  `^ (?:(?:de |du |des |d['’]|de la |de l['’]|la |le |les )?)(?:[«"“] ?)?(${NAME}(?:${BETWEEN}${NAME}){0,4})`,
  'u',
)
/** Words that open a sentence or date it are no part of a name. */
const OPENING =
  /^(?:The|This|That|A|An|In|At|On|For|And|But|Our|Your|Their|His|Her|Le|La|Les|L|Un|Une|Cette|Ce|Notre|Nos|Votre|Son|Sa|Leur|Dans|Pour|Si|If|When|Each|Every|All|No|Any|Some|Many|Most|What|Which|Who|How|Is|Are|It|We|You|They|I|New|Use|See|User|Users|Other|Same|Default|Select|Create|Add|Delete|Working|Research|Chaque|Tout|Quel|Quelle|Mon|Ma)(?: |$)/

/** Companies by their legal form, institutions by what they are called. No class comes of an organisation. */
export const organisation: Detector = {
  id: 'organisation',
  acrossParts: false,
  literals: [FORMS_AFTER, KINDS_AFTER, KINDS_BEFORE],
  find(scan, found) {
    namesBefore(scan, scan.hits(FORMS_AFTER.name), BY_ITS_FORM, found)
    namesBefore(scan, scan.hits(KINDS_AFTER.name), SAID_ONLY, found)
    namesBehind(scan, scan.hits(KINDS_BEFORE.name), found)
  },
}

const isCapital = (word: string): boolean => /^\p{Lu}/u.test(word)

function namesBefore(scan: Scan, hits: Hits, confidence: number, found: Found): void {
  const { text } = scan
  for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
    const start = hits.starts[i] ?? 0
    const end = hits.ends[i] ?? 0
    scan.steps.spend(4)
    if (text[start - 1] !== ' ' || !isCapital(text.slice(start, end))) continue
    scan.steps.spend(REACH)
    const before = BEFORE.exec(text.slice(Math.max(0, start - REACH), start))
    const name = withoutOpening(before?.[1] ?? '')
    if (before === null || name === '') continue
    if (confidence === SAID_ONLY && before[2] !== ' ') continue
    const from = start - (before[2] ?? '').length - name.length
    found(
      draft(
        from,
        text[end] === '.' && confidence > SAID_ONLY ? end + 1 : end,
        confidence,
        hits.words[i] ?? '',
      ),
    )
  }
}

function namesBehind(scan: Scan, hits: Hits, found: Found): void {
  const { text } = scan
  for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
    const start = hits.starts[i] ?? 0
    const end = hits.ends[i] ?? 0
    scan.steps.spend(4)
    const word = text.slice(start, end)
    // English says "Bank of England", French "la banque Martin"; "department of Health" is nobody's
    if (/ of$/i.test(word) && !isCapital(word)) continue
    scan.steps.spend(REACH)
    const behind = BEHIND.exec(text.slice(end, end + REACH))
    const name = (behind?.[1] ?? '').replace(/[.'’-]+$/, '')
    if (behind === null || name.length < 2 || OPENING.test(name)) continue
    const to = end + behind[0].indexOf(behind[1] ?? '') + name.length
    found(draft(start, to, SAID_ONLY, hits.words[i] ?? ''))
  }
}

/** The name without the word that begins its sentence. */
function withoutOpening(name: string): string {
  const rest = name.replace(OPENING, '')
  return /^\p{Lu}/u.test(rest) ? rest : ''
}

const draft = (start: number, end: number, confidence: number, keyword: string) => ({
  type: 'ORGANIZATION',
  rule: 'organisation',
  start,
  end,
  confidence,
  because: [{ kind: 'keyword' as const, keyword }, { kind: 'shape' as const }],
})
