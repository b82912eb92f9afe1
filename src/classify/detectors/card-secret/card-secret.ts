import { luhn } from '../../checks/luhn.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'
import { endOf } from '../../scan/numbers.ts'

/** From the name to the value: nothing but what assigns it. */
const TOLD =
  '(?<=[:=#»"\'(]\\s{0,2}|\\b(?:is|est|le|code|n°|numéro|number)\\s{1,2}|[cC][vV][vVcC]2?\\s{1,2}|[cC]ryptogramme(?: visuel)?\\s{1,2}|PIN\\s{1,2})'

const RULES: readonly NearRule[] = [
  {
    type: 'CARD_SECURITY_CODE',
    rule: 'card-security-code',
    group: 'cvv',
    shape: new RegExp(`${TOLD}(?<![\\d/.-])\\d{3,4}(?![\\d/.,-]\\d|\\d|%| ?(?:€|\\$|euros?))`, 'g'),
    confidence: 0.85,
    reach: 24,
    back: 0,
  },
  {
    type: 'PIN_CODE',
    rule: 'pin',
    group: 'pin',
    shape: new RegExp(
      `${TOLD}(?<![\\d/.-])(?!(?:19|20)\\d\\d(?!\\d))\\d{4,8}(?![\\d/.,-]\\d|\\d|%)`,
      'g',
    ),
    confidence: 0.8,
    reach: 24,
    back: 0,
  },
]
/** Track 1 (ISO/IEC 7813): %B, number, ^name^, expiry, service code. */
const TRACK_ONE = /%B(\d{12,19})\^([^^\n]{2,26})\^\d{7}[^?\n]{0,60}\??/iy
/** After the number of track 2: expiry, service code, discretionary data. */
const TRACK_TWO = /=\d{7}\d{0,16}\??/y

/** Security codes and PINs with their label only; the magnetic track of a card. PCI DSS forbids to keep any of them. */
export const cardSecret: Detector = {
  id: 'card-secret',
  acrossParts: true,
  literals: [
    { name: 'track-one', standing: 'part', words: ['%b'] },
    {
      name: 'cvv',
      standing: 'stem',
      words:
        'cvv|cvc|cvv2|cvc2|cav2|card verification|card security code|security code|code de sécurité|cryptogramme|cryptogramme visuel|code de vérification|card code'.split(
          '|',
        ),
    },
    {
      name: 'pin',
      standing: 'stem',
      words:
        'pin|pin code|code pin|card pin|atm pin|code secret|code confidentiel|code de la carte|code de carte'.split(
          '|',
        ),
    },
  ],
  near: RULES,
  find(scan, found) {
    for (const start of scan.hits('track-one').starts) {
      if (scan.steps.exhausted) return
      TRACK_ONE.lastIndex = start
      const match = TRACK_ONE.exec(scan.text)
      scan.steps.spend(110)
      if (match === null || !luhn(match[1] ?? '')) continue
      const because = [
        { kind: 'prefix', name: '%B' },
        { kind: 'checksum', name: 'Luhn' },
      ] as const
      const end = TRACK_ONE.lastIndex
      found({ type: 'CARD_TRACK', rule: 'card-track-1', start, end, confidence: 0.97, because })
    }
  },
  number(scan, run, found) {
    if (scan.text[run.start - 1] !== ';' || run.continues) return
    const length = run.stops[0] ?? 0
    const end = endOf(run, length)
    if (length < 12 || length > 19 || scan.text[end] !== '=') return
    TRACK_TWO.lastIndex = end
    scan.steps.spend(24)
    if (!TRACK_TWO.test(scan.text) || !luhn(run.digits.slice(0, length))) return
    found({
      type: 'CARD_TRACK',
      rule: 'card-track-2',
      start: run.start - 1,
      end: TRACK_TWO.lastIndex,
      confidence: 0.95,
      because: [{ kind: 'shape' }, { kind: 'checksum', name: 'Luhn' }],
    })
  },
}
