import { mod11With10 } from '../../checks/european.ts'
import { mrzCheck } from '../../checks/machine-readable.ts'
import { germanHealthInsurance, germanSocialSecurity } from '../../checks/personal.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'
import { isRegistered } from './plate-districts.ts'

/** Tax id: the first ten digits repeat at most one digit, twice or three times (Bundeszentralamt für Steuern); numbers printed in documentation repeat none. */
export function steuerId(compact: string): boolean {
  if (!/^[1-9]\d{10}$/.test(compact)) return false
  const counts = Array.from({ length: 10 }, () => 0)
  for (const digit of compact.slice(0, 10)) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1
  const repeated = counts.filter((count) => count > 1)
  return repeated.length <= 1 && (repeated[0] ?? 0) <= 3 && mod11With10(compact)
}

/** Tax number of a Land, in its own writing or in the 13 digits of ELSTER, whose fifth is 0. */
const steuernummer = (compact: string): boolean =>
  compact.length < 13 || /^\d{4}0\d{8}$|^(?:0[1-9]|1[0-6])\d{11}$/.test(compact)

/** Physician: six digits, check of weights 4 and 9 by 10, two of the speciality (KBV, Richtlinie nach §75 Abs. 7 SGB V). */
export function lanr(compact: string): boolean {
  let sum = 0
  for (let i = 0; i < 6; i++) sum += Number(compact[i]) * (i % 2 === 0 ? 4 : 9)
  return (10 - (sum % 10)) % 10 === Number(compact[6]) && !compact.endsWith('00')
}

const documentCheck = (compact: string): boolean =>
  /\d/.test(compact.slice(1, 9)) && (compact.length === 9 || mrzCheck(compact))

const passportCheck = (compact: string): boolean =>
  /\d/.test(compact) && mrzCheck(compact.slice(0, 9))

const RULES: readonly NearRule[] = [
  {
    type: 'DE_TAX_ID',
    rule: 'de-tax-id',
    group: 'de-tax',
    shape: /(?<![\d/])[1-9]\d(?: ?\d{3}){3}(?![\d/])/g,
    check: steuerId,
    checkName: 'mod 11,10',
    confidence: 0.95,
    alone: 0.6,
  },
  {
    type: 'DE_TAX_NUMBER',
    rule: 'de-tax-number',
    group: 'de-tax-number',
    shape: /(?<![\d/])(?:\d{2,3}[/ ]\d{3,4}[/ ]\d{4,5}|\d{5}[/ ]\d{5}|\d{13}|\d{10,11})(?![\d/])/g,
    check: steuernummer,
    confidence: 0.85,
  },
  {
    type: 'DE_TAX_NUMBER',
    rule: 'de-tax-number-written',
    group: 'de-tax-number',
    shape:
      /(?<![\d/])(?:\d{2,3}\/\d{3}\/\d{4,5}|\d{2,3}\/\d{4}\/\d{4}|(?:0[1-9]|1[0-6])\d{11})(?![\d/])/g,
    confidence: 0.9,
    alone: 0.5,
  },
  {
    type: 'DE_SOCIAL_SECURITY',
    rule: 'de-social-security',
    group: 'de-pension',
    shape: /(?<![A-Za-z\d])\d{2} ?\d{6} ?[A-Za-z] ?\d{2} ?\d(?![A-Za-z\d])/g,
    check: germanSocialSecurity,
    checkName: 'digit sums mod 10',
    confidence: 0.95,
    alone: 0.65,
  },
  {
    type: 'DE_HEALTH_INSURANCE',
    rule: 'de-health-insurance',
    group: 'de-health',
    shape: /(?<![A-Za-z\d])[A-Za-z]\d{3} ?\d{3} ?\d{3}(?![A-Za-z\d])/g,
    check: germanHealthInsurance,
    checkName: 'Luhn of the letter and digits',
    confidence: 0.95,
    alone: 0.6,
  },
  {
    type: 'DE_ID_CARD',
    rule: 'de-id-card',
    group: 'de-id',
    shape: /(?<![A-Za-z\d])(?:[LMNPRTVWXY][CFGHJ-NPRTVWXYZ\d]{8}\d?|T\d{8,9})(?![A-Za-z\d])/gi,
    check: documentCheck,
    checkName: '7-3-1',
    confidence: 0.9,
    alone: 0.5,
  },
  {
    type: 'DE_PASSPORT',
    rule: 'de-passport',
    group: 'de-passport',
    shape: /(?<![A-Za-z\d])[CFGHJK][CFGHJ-NPRTVWXYZ\d]{7}\d(?:\d(?:D|\b))?(?![A-Za-z\d])/gi,
    check: (compact) =>
      /\d/.test(compact) && (compact.length < 10 || mrzCheck(compact.slice(0, 10))),
    confidence: 0.85,
  },
  {
    type: 'DE_PASSPORT',
    rule: 'de-passport-alone',
    group: 'de-passport',
    shape: /(?<![A-Za-z\d])[CFGHJK][CFGHJ-NPRTVWXYZ\d]{7}\d(?![A-Za-z\d])/gi,
    check: passportCheck,
    checkName: '7-3-1',
    confidence: 0.9,
    alone: 0.5,
  },
  {
    type: 'DE_FUEHRERSCHEIN',
    rule: 'de-driving-licence',
    group: 'de-licence',
    shape: /(?<![A-Za-z\d])[A-Z][A-Z\d]\d{2}[A-Z\d]{6}[A-Z\d](?![A-Za-z\d])/gi,
    check: (compact) => compact.replaceAll(/\D/g, '').length >= 6,
    confidence: 0.85,
  },
  {
    type: 'DE_FUEHRERSCHEIN',
    rule: 'de-driving-licence-alone',
    group: 'de-licence',
    shape: /(?<![A-Za-z\d])[A-Z]{2}\d{8}[A-Z\d](?![A-Za-z\d])/g,
    confidence: 0.85,
    alone: 0.45,
  },
  {
    type: 'DE_KFZ',
    rule: 'de-plate',
    group: 'de-plate',
    shape: /(?<![A-Za-zÄÖÜ\d-])[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?\d{1,4}[EH]?(?![A-Za-z\d-])/g,
    check: (_compact, written) => isRegistered(written),
    confidence: 0.85,
    alone: 0.5,
  },
  {
    type: 'DE_HANDELSREGISTER',
    rule: 'de-register',
    group: 'de-register',
    shape: /(?<![A-Za-z\d])HR[AB](?:[- ]Nr\.?)?[ -]?\d{1,6}(?: ?B)?(?![A-Za-z\d])/gi,
    confidence: 0.85,
    back: 0,
    reach: 0,
  },
  {
    type: 'DE_LANR',
    rule: 'de-physician',
    group: 'de-physician',
    shape: /(?<!\d)\d{9}(?!\d)/g,
    check: lanr,
    checkName: 'weights 4 and 9 mod 10',
    confidence: 0.9,
    alone: 0.5,
  },
  {
    type: 'DE_BSNR',
    rule: 'de-practice',
    group: 'de-practice',
    shape: /(?<!\d)\d{9}(?!\d)/g,
    confidence: 0.85,
  },
]

/** German numbers: tax, pension and health insurance, identity card, passport, driving licence, plate, commercial register, physicians and practices (BZSt; VKVV; §290 SGB V; PAuswV and ICAO Doc 9303; FZV; HRV; KBV). */
export const germany: Detector = {
  id: 'de-identity',
  acrossParts: true,
  literals: [
    keywords(
      'de-tax',
      'steuer-id|steuerid|steuer-idnr|steueridnr|steueridentifikationsnummer|steuerliche identifikationsnummer|identifikationsnummer|idnr|idnr.|tin|tax id|german tax id|tax identification number|identifiant fiscal|numéro fiscal',
    ),
    keywords(
      'de-tax-number',
      'steuernummer|steuer-nr|steuernr|steuer-nummer|st.-nr|st-nr|stnr|st.nr|finanzamt|german tax number|numéro fiscal allemand',
    ),
    keywords(
      'de-pension',
      'rentenversicherung|rentenversicherungsnummer|sozialversicherung|sozialversicherungsnummer|versicherungsnummer|sv-nummer|svnr|rvnr|sv-nr|german social security|german pension|sécurité sociale|social security|assurance retraite',
    ),
    keywords(
      'de-health',
      'krankenversicherung|krankenversichertennummer|versichertennummer|krankenkasse|kvnr|egk|egk-nummer|gesundheitskarte|health insurance|assurance maladie|krankenversicherungsnummer',
    ),
    keywords(
      'de-id',
      'personalausweis|personalausweisnummer|ausweis|ausweisnummer|ausweis-nr|perso|german id card|german identity card|carte d’identité allemande|npa',
    ),
    keywords(
      'de-passport',
      'reisepass|reisepassnummer|passnummer|pass-nr|passport|passeport|german passport',
    ),
    keywords(
      'de-licence',
      'führerschein|fuehrerschein|führerscheinnummer|fuehrerscheinnummer|fahrerlaubnis|german driving licence|driving licence|driver’s license|driver license|permis de conduire',
    ),
    keywords(
      'de-plate',
      'kennzeichen|kfz-kennzeichen|kfz|autokennzeichen|amtliches kennzeichen|nummernschild|fahrzeug|license plate|licence plate|number plate|plaque|immatriculation|immatriculé|immatriculée',
    ),
    { name: 'de-register', standing: 'head', words: ['hrb', 'hra'] },
    keywords(
      'de-physician',
      'lanr|arztnummer|lebenslange arztnummer|arzt-nr|vertragsarzt|physician number|numéro de médecin',
    ),
    keywords(
      'de-practice',
      'bsnr|betriebsstättennummer|betriebsstaettennummer|betriebsstätte|practice number|numéro de cabinet',
    ),
  ],
  near: RULES.map((rule) => ({ ...rule, country: 'DE' })),
}
