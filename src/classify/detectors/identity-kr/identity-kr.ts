import { foreignerShape, koreanBusinessCheck, residentShape } from '../../checks/asian.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** Licences begin with a region, 11 to 26 or 28, then year, serial and check. */
const LICENCE = /(?<![A-Za-z\d-])(?:1[1-9]|2[0-68])-?\d{2}-?\d{6}-?\d{2}(?![\d-])/g

/** Resident and foreigner numbers: Ministry of the Interior and Safety; business numbers: National Tax Service; licences: Korean National Police Agency; passports: Ministry of Foreign Affairs. Retrieved 2026-11-21. */
export const KR_RULES: readonly LoneRule[] = [
  {
    type: 'KR_RRN',
    rule: 'kr-rrn',
    group: 'kr-rrn',
    shape: /(?<![\d-])\d{6}-?[1-4]\d{6}(?![\d-])/g,
    check: residentShape,
    confidence: 0.9,
    country: 'KR',
    alone: 0.5,
  },
  {
    type: 'KR_FRN',
    rule: 'kr-frn',
    group: 'kr-rrn',
    shape: /(?<![\d-])\d{6}-?[5-8]\d{6}(?![\d-])/g,
    check: foreignerShape,
    confidence: 0.9,
    country: 'KR',
  },
  {
    type: 'KR_BRN',
    rule: 'kr-brn',
    group: 'kr-brn',
    shape: /(?<![\d-])\d{3}-?\d{2}-?\d{5}(?![\d-])/g,
    check: koreanBusinessCheck,
    checkName: 'mod 10',
    confidence: 0.9,
    country: 'KR',
    whole: /-/,
  },
  {
    type: 'KR_DRIVER_LICENSE',
    rule: 'kr-driver-license',
    group: 'kr-licence',
    shape: LICENCE,
    confidence: 0.85,
    country: 'KR',
    whole: /-/,
  },
  {
    type: 'KR_PASSPORT',
    rule: 'kr-passport',
    group: 'kr-passport',
    shape: /(?<![A-Za-z\d])(?:[MSRODG]\d{8}|[MSRODG]\d{3}[A-Z]\d{4})(?![A-Za-z\d])/gi,
    confidence: 0.85,
    country: 'KR',
    alone: 0.5,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Numbers of Korea. A resident number has no reliable check: its date and its dash speak for it. */
export const identityKr: Detector = {
  id: 'identity-kr',
  acrossParts: true,
  literals: [
    words(
      'kr-rrn',
      'rrn|frn|resident registration|korean rrn|jumin|jumin deungnok|korean resident|foreigner registration|alien registration|arc number|numéro de résident coréen',
    ),
    words(
      'kr-brn',
      'brn|business registration|business registration number|korean business|saeopja|registration number',
    ),
    words(
      'kr-licence',
      'driver license|driver’s license|driving license|korean driver|driver licence|driving licence|permis de conduire coréen|license number',
    ),
    words('kr-passport', 'korean passport|passport|passport number|passeport coréen|yeogwon'),
  ],
  near: KR_RULES,
}
