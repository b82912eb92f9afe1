import { luhn } from '../../checks/luhn.ts'
import { personIn } from '../../meaning/find-topics.ts'
import { tellingAround } from '../../meaning/telling.ts'
import type { Detector, Draft, Found } from '../../scan/detector.ts'
import { findNear, type NearRule } from '../../scan/find-near.ts'
import type { Scan } from '../../scan/scan.ts'
import { ANALYTES, CODE_WORDS } from './words.ts'
import { verhoeff } from '../../checks/verhoeff.ts'

/** Sources: CCAM (Assurance maladie) four letters and three digits; LOINC user guide, mod 10 check digit; SNOMED CT identifier (SCTID), Verhoeff. */
const RULES: readonly NearRule[] = [
  {
    type: 'FR_CCAM',
    rule: 'ccam',
    group: 'ccam',
    shape: /(?<![A-Za-z\d])[A-Z]{4}\d{3}(?![A-Za-z\d])/g,
    confidence: 0.75,
    reach: 40,
    back: 12,
  },
  {
    type: 'LOINC_CODE',
    rule: 'loinc',
    group: 'loinc',
    shape: /(?<![\w.-])\d{1,5}-\d(?![\w-])/g,
    check: luhn,
    checkName: 'mod 10',
    confidence: 0.75,
    reach: 40,
    back: 12,
  },
  {
    type: 'SNOMED_CODE',
    rule: 'snomed',
    group: 'snomed',
    shape: /(?<![\w.-])[1-9]\d{5,17}(?![\w-])/g,
    check: verhoeff,
    checkName: 'Verhoeff',
    confidence: 0.75,
    reach: 40,
    back: 12,
  },
]

/** A figure and a unit of a laboratory right after the analyte. */
const RESULT =
  /^ ?(?:[:=]|à|at|of|is|est|de)? ?[<>]? ?\d{1,6}(?:[.,]\d{1,3})? ?(?:g\/d?l|m?mol\/l|[µu]mol\/l|nmol\/l|pmol\/l|mg\/d?l|[µun]g\/m?l|ng\/dl|pg\/ml|[mµ]?ui\/m?l|[mµ]?iu\/m?l|u\/l|g\/l|\/mm3|\/µl|cp\/ml|copies\/ml|mm\/h|giga\/l|%|fl)(?![\p{L}\d])/iu
/** What is normal is said of nobody. */
const NORMAL =
  /\b(?:normale?s?|normes?|valeurs? de référence|reference (?:range|value)s?|seuils?|thresholds?|recommended|recommandée?s?|cible|target)\b/i

/** Codes of acts, analyses and terms beside their own names, and results of analyses; only of a person do they weigh. */
export const medicalCode: Detector = {
  id: 'medical-code',
  acrossParts: false,
  literals: [...CODE_WORDS, { name: 'analyte', standing: 'stem', words: ANALYTES }],
  find(scan, found) {
    for (const rule of RULES) {
      findNear(scan, rule, (draft) => {
        const telling = tellingAround(scan, draft.start, draft.end)
        const person = personIn(scan, telling, draft.start)
        if (person === undefined) found({ ...draft, confidence: 0.5 })
        else found({ ...draft, because: [...draft.because, ...person] })
      })
    }
    results(scan, found)
  },
}

function results(scan: Scan, found: Found): void {
  const hits = scan.hits('analyte')
  for (let i = 0; i < hits.length && !scan.steps.exhausted; i++) {
    const start = hits.starts[i] ?? 0
    const end = hits.ends[i] ?? 0
    scan.steps.spend(32)
    const match = RESULT.exec(scan.text.slice(end, end + 32))
    if (match === null) continue
    const telling = tellingAround(scan, start, end)
    const person = personIn(scan, telling, start)
    if (person === undefined && (telling.general || NORMAL.test(telling.sentence.text))) continue
    found(result(start, end + match[0].length, hits.words[i] ?? '', person))
  }
}

const result = (
  start: number,
  end: number,
  keyword: string,
  person: Draft['because'] | undefined,
): Draft => ({
  type: 'LAB_RESULT',
  rule: 'lab-result',
  start,
  end,
  confidence: person === undefined ? 0.65 : 0.85,
  because: [{ kind: 'keyword', keyword }, { kind: 'shape' }, ...(person ?? [])],
})
