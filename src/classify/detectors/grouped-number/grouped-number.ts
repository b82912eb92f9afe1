import { cnpjCheck, cpfCheck, sinCheck } from '../../checks/american.ts'
import {
  aadhaarCheck,
  foreignerShape,
  residentShape,
  thaiCheck,
  turkishCheck,
} from '../../checks/asian.ts'
import { businessCheck } from '../../checks/australian.ts'
import type { Detector } from '../../scan/detector.ts'
import { endOf, type NumberRun } from '../../scan/numbers.ts'
import { spokenAgainst } from '../../scan/score.ts'
import { socialSecurityShape, taxpayerShape } from '../identity-us/identity-us.ts'

/** A way of grouping digits that one kind of number alone is written in. */
interface Grouping {
  readonly type: string
  readonly rule: string
  readonly country: string
  /** Lengths of the groups. */
  readonly groups: readonly number[]
  /** The separators between them, in order. */
  readonly separators: string
  readonly check: (digits: string) => boolean
  readonly checkName?: string
  readonly confidence: number
}

/** Written forms of the issuing authorities; where the check is weak or missing the confidence raises no class. */
const GROUPINGS: readonly Grouping[] = [
  {
    type: 'US_SSN',
    rule: 'us-ssn-grouped',
    country: 'US',
    groups: [3, 2, 4],
    separators: '--',
    check: socialSecurityShape,
    confidence: 0.6,
  },
  {
    type: 'US_ITIN',
    rule: 'us-itin-grouped',
    country: 'US',
    groups: [3, 2, 4],
    separators: '--',
    check: taxpayerShape,
    confidence: 0.6,
  },
  {
    type: 'BR_CPF',
    rule: 'br-cpf-grouped',
    country: 'BR',
    groups: [3, 3, 3, 2],
    separators: '..-',
    check: cpfCheck,
    checkName: 'mod 11, twice',
    confidence: 0.9,
  },
  {
    type: 'BR_CNPJ',
    rule: 'br-cnpj-grouped',
    country: 'BR',
    groups: [2, 3, 3, 4, 2],
    separators: '../-',
    check: cnpjCheck,
    checkName: 'mod 11, twice',
    confidence: 0.9,
  },
  {
    type: 'KR_RRN',
    rule: 'kr-rrn-grouped',
    country: 'KR',
    groups: [6, 7],
    separators: '-',
    check: residentShape,
    confidence: 0.6,
  },
  {
    type: 'KR_FRN',
    rule: 'kr-frn-grouped',
    country: 'KR',
    groups: [6, 7],
    separators: '-',
    check: foreignerShape,
    confidence: 0.6,
  },
  {
    type: 'IN_AADHAAR',
    rule: 'in-aadhaar-grouped',
    country: 'IN',
    groups: [4, 4, 4],
    separators: '  ',
    check: aadhaarCheck,
    checkName: 'Verhoeff',
    confidence: 0.5,
  },
  {
    type: 'CA_SIN',
    rule: 'ca-sin-grouped',
    country: 'CA',
    groups: [3, 3, 3],
    separators: '--',
    check: sinCheck,
    checkName: 'Luhn',
    confidence: 0.5,
  },
  {
    type: 'AU_ABN',
    rule: 'au-abn-grouped',
    country: 'AU',
    groups: [2, 3, 3, 3],
    separators: '   ',
    check: businessCheck,
    checkName: 'mod 89',
    confidence: 0.85,
  },
  {
    type: 'TH_TNIN',
    rule: 'th-tnin-grouped',
    country: 'TH',
    groups: [1, 4, 5, 2, 1],
    separators: '----',
    check: thaiCheck,
    checkName: 'mod 11',
    confidence: 0.85,
  },
  {
    type: 'TR_NATIONAL_ID',
    rule: 'tr-national-id-bare',
    country: 'TR',
    groups: [11],
    separators: '',
    check: turkishCheck,
    checkName: 'mod 10, twice',
    confidence: 0.6,
  },
]

/** By the length of the first group: one look decides for nearly every number of a text. */
const BY_FIRST: readonly (readonly Grouping[] | undefined)[] = Array.from(
  { length: 12 },
  (_, n) => {
    const same = GROUPINGS.filter(({ groups }) => groups[0] === n)
    return same.length === 0 ? undefined : same
  },
)

/** Numbers whose written form names them: groups, separators and a check, no word needed. */
export const groupedNumber: Detector = {
  id: 'grouped-number',
  acrossParts: true,
  literals: [],
  number(scan, run, found) {
    if (run.digits.length < 9 || run.attached || run.continues) return
    const candidates = BY_FIRST[run.stops[0] ?? 0]
    if (candidates === undefined) return
    for (const one of candidates) {
      const digits = matching(run, one)
      if (digits === undefined || !one.check(digits) || spokenAgainst(scan, run.start)) continue
      found({
        type: one.type,
        rule: one.rule,
        start: run.start,
        end: endOf(run, digits.length),
        confidence: one.confidence,
        because: [
          { kind: 'shape' },
          ...(one.checkName === undefined
            ? []
            : [{ kind: 'checksum' as const, name: one.checkName }]),
        ],
        country: one.country,
      })
    }
  },
}

/** The digits of a run grouped in this way and not going on in the same way. */
function matching(run: NumberRun, { groups, separators }: Grouping): string | undefined {
  const { stops, separators: written } = run
  let count = 0
  for (let i = 0; i < groups.length; i++) {
    count += groups[i] ?? 0
    if (stops[i] !== count) return undefined
    const separator = separators[i]
    if (separator !== undefined && written[i] !== separator) return undefined
  }
  const next = written[groups.length - 1]
  return next === undefined || next === ' ' ? run.digits.slice(0, count) : undefined
}
