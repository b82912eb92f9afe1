import { isIcd10 } from '../../data/icd10-categories.ts'
import { personIn } from '../../meaning/find-topics.ts'
import { tellingAround } from '../../meaning/telling.ts'
import type { Detector, Found } from '../../scan/detector.ts'
import { findNear, type NearRule } from '../../scan/find-near.ts'
import type { Scan } from '../../scan/scan.ts'

const words = (name: string, list: string) => ({
  name,
  standing: 'stem' as const,
  words: list.split('|'),
})

/** Category, and a subdivision of up to four behind a point; files of hospitals leave the point out. */
const CODE =
  /(?<![A-Za-z\d.-])[A-Z]\d{2}(?:\.(?:\d[\dA-Z]{0,3}|-)|\d{1,3})?(?![\dA-Za-z]|\.\d|-[A-Za-z])/g
/** With its point: "A10" and "B12" are roads and shelves. */
const POINTED = /(?<![A-Za-z\d.-])[A-Z]\d{2}\.\d[\dA-Z]{0,3}(?![\dA-Za-z]|\.\d|-[A-Za-z])/g

const rule = (group: string, shape: RegExp, confidence: number, back: number): NearRule => ({
  type: 'ICD10_CODE',
  rule: 'icd-10',
  group,
  shape,
  check: isIcd10,
  checkName: 'list of the categories',
  confidence,
  reach: group === 'icd-care' ? 60 : 90,
  back,
})
/** Words of a patient's own file: that someone is meant goes without saying. */
const OF_A_FILE = rule('icd-file', CODE, 0.8, 0)
/** What coders write before the codes of a stay; too short a word to trust without the point. */
const CODED = { ...rule('icd-coding', POINTED, 0.8, 0), reach: 60 }
const NAMED = rule('icd', CODE, 0.75, 12)
const DIAGNOSED = rule('icd-diagnosis', CODE, 0.75, 12)
/** Machines have a "diagnostic" too. */
const DIAGNOSTIC = rule('icd-diagnostic', POINTED, 0.75, 12)
const IN_CARE = rule('icd-care', POINTED, 0.75, 60)

/** Diagnoses by their ICD-10 codes: in the lines of a file that hold them, beside the name of the classification or of a diagnosis, and with a point beside words of care. Only what is said of a person weighs. */
export const diagnosisCode: Detector = {
  id: 'diagnosis-code',
  acrossParts: false,
  literals: [
    words(
      'icd-file',
      'diagnostic principal|diagnostics principaux|diagnostic relié|diagnostic associé|diagnostics associés|das :|dp :|dp/dr|principal diagnosis|primary diagnosis|secondary diagnosis|secondary diagnoses|discharge diagnosis|admission diagnosis|admitting diagnosis|diagnoses :|problem list|dx|hauptdiagnose|nebendiagnose|nebendiagnosen|diagnóstico principal|diagnosi principale',
    ),
    words('icd-diagnostic', 'diagnostic|diagnostics'),
    words('icd-coding', 'dp|rss|rum|ghm'),
    words('icd', 'cim-10|cim10|cim 10|icd-10|icd10|icd 10|icd|code cim|codage pmsi|pmsi|icd-10-gm'),
    words(
      'icd-diagnosis',
      'diagnosis|diagnoses|diagnosi|diagnose|diagnosed|diagnóstico|pathologie|motif d’hospitalisation',
    ),
    words(
      'icd-care',
      'patient|patiente|hospitalisation|hospitalisé|hospitalisée|motif|antécédents|comorbidités|comorbidities|ordonnance|lettre de liaison|lettre de sortie|compte rendu médical|séjour hospitalier|admission|admitted|discharge|assessment|arrêt de travail|ald|médecin traitant|encounter|claim|entlassung|patientin',
    ),
  ],
  find(scan, found) {
    for (const near of [OF_A_FILE, CODED]) {
      findNear(scan, near, (draft) => {
        const telling = tellingAround(scan, draft.start, draft.end)
        const person = personIn(scan, telling, draft.start)
        const isSaid = person !== undefined || !telling.general
        found({ ...draft, confidence: isSaid ? draft.confidence : 0.5 })
      })
    }
    ofPersons(scan, NAMED, 0.5, found)
    ofPersons(scan, DIAGNOSED, 0.5, found)
    ofPersons(scan, DIAGNOSTIC, 0.5, found)
    ofPersons(scan, IN_CARE, 0, found)
  },
}

/** What is said of nobody keeps so much confidence. */
function ofPersons(scan: Scan, near: NearRule, otherwise: number, found: Found): void {
  findNear(scan, near, (draft) => {
    const person = personIn(scan, tellingAround(scan, draft.start, draft.end), draft.start)
    if (person === undefined) found({ ...draft, confidence: otherwise })
    else found({ ...draft, because: [...draft.because, ...person] })
  })
}
