import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

/** Templates as files carry them, beside a word of biometrics: base64 or hex of fifty bytes or more, or a vector of sixteen numbers or more. */
const RULES: readonly NearRule[] = [
  {
    type: 'BIOMETRIC_DATA',
    rule: 'biometric-template',
    group: 'biometric',
    shape: /(?<![\w+/])(?:[\dA-Fa-f]{100,400}|[A-Za-z\d+/]{68,400}={0,2})/g,
    check: (compact) => /\d/.test(compact),
    confidence: 0.85,
    reach: 420,
  },
  {
    type: 'BIOMETRIC_DATA',
    rule: 'biometric-vector',
    group: 'biometric',
    shape: /\[\s{0,4}-?\d{0,3}\.\d{1,18}(?:,\s{0,4}-?\d{0,3}\.\d{1,18}){7,24}/g,
    confidence: 0.85,
    reach: 420,
  },
]

/** ISO/IEC 19794 records begin with FMR, FIR, FAC or IIR, a zero byte and a version (`Rk1SACAy…` in base64). */
const RECORD = /(?:Rk1SACAy|Rk1SADAz|RklSADAx|RkFDADAx|SUlSADAx)[A-Za-z\d+/]{40,400}={0,2}/y

/** Biometric templates: records of ISO/IEC 19794 by their first bytes, others beside a word. A vector is read only as far as it shows itself. */
export const biometric: Detector = {
  id: 'biometric',
  acrossParts: false,
  literals: [
    {
      name: 'biometric-record',
      standing: 'part',
      words: ['rk1sacay', 'rk1sadaz', 'rklsadax', 'rkfdadax', 'sulsadax'],
    },
    {
      name: 'biometric',
      standing: 'stem',
      words:
        'fingerprint template|biometric template|face embedding|face template|faceprint|voiceprint|voice embedding|iris code|iris template|minutiae|minutia|gabarit biométrique|gabarit d’empreinte|empreinte digitale|empreinte vocale|empreinte faciale|gabarit facial|gabarit de visage|face_embedding|fingerprint_template|biometric_template|face_encoding'.split(
          '|',
        ),
    },
  ],
  near: RULES,
  find(scan, found) {
    for (const start of scan.hits('biometric-record').starts) {
      if (scan.steps.exhausted) return
      RECORD.lastIndex = start
      const match = RECORD.exec(scan.text)
      scan.steps.spend(120)
      if (match === null) continue
      const because = [{ kind: 'prefix', name: 'ISO/IEC 19794' }] as const
      const end = RECORD.lastIndex
      found({
        type: 'BIOMETRIC_DATA',
        rule: 'biometric-record',
        start,
        end,
        confidence: 0.95,
        because,
      })
    }
  },
}
