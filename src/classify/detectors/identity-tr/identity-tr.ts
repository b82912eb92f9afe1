import { turkishCheck } from '../../checks/asian.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** Identity number: Nüfus ve Vatandaşlık İşleri, law 5490; plates: Karayolları Trafik Yönetmeliği, province 01 to 81, letters, digits. Retrieved 2026-11-21. */
export const TR_RULES: readonly LoneRule[] = [
  {
    type: 'TR_NATIONAL_ID',
    rule: 'tr-national-id',
    group: 'tr-id',
    shape: /(?<![\d-])[1-9]\d{10}(?![\dA-Za-z-])/g,
    check: turkishCheck,
    checkName: 'mod 10, twice',
    confidence: 0.95,
    country: 'TR',
    alone: 0.6,
  },
  {
    type: 'TR_LICENSE_PLATE',
    rule: 'tr-license-plate',
    group: 'tr-plate',
    shape:
      /(?<![A-Za-z\d])(?:0[1-9]|[1-7]\d|8[01])([ -]?)(?:[A-PR-VYZ]\1\d{2,5}|[A-PR-VYZ]{2}\1\d{2,4}|[A-PR-VYZ]{3}\1\d{2,4})(?![A-Za-z\d])/g,
    confidence: 0.85,
    country: 'TR',
    alone: 0.5,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Numbers of Turkey beside their own names. */
export const identityTr: Detector = {
  id: 'identity-tr',
  acrossParts: true,
  literals: [
    words(
      'tr-id',
      'tckn|tc kimlik|kimlik no|kimlik|tc no|t.c. kimlik|turkish id|turkish identity|vatandaşlık|nüfus|identité turque|kimlik numarası',
    ),
    words(
      'tr-plate',
      'plaka|plakası|plakalı|araç|license plate|licence plate|number plate|plaque|plaka numarası|turkish plate',
    ),
  ],
  near: TR_RULES,
}
