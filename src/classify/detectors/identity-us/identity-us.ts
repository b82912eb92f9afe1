import { deaCheck, providerCheck, routingCheck } from '../../checks/american.ts'
import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'
import { isLicenceShape } from './driver-licences.ts'

/** Area, group and serial that the Social Security Administration never gives (SSA, randomization FAQ). */
export const socialSecurityShape = (digits: string): boolean =>
  /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits) &&
  !/^(?:123456789|078051120|219099999|(\d)\1{8})$/.test(digits)

/** ITIN: begins with 9, middle 50 to 65, 70 to 88, 90 to 92, 94 to 99 (IRS, Publication 1915). */
export const taxpayerShape = (digits: string): boolean =>
  /^9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/.test(digits)

/** EIN: prefixes that campuses and the internet unit of the IRS assign (irs.gov, "How EINs are assigned and valid EIN prefixes"). */
const employerShape = (digits: string): boolean =>
  /^(?!0[0789]|1[789]|2[89]|49|69|70|78|79|89|9[67])\d{9}$/.test(digits)

/** Identifiers of the United States. Sources beside each check; Medicare: CMS, "Understanding the MBI format"; passports: State Department, 9 digits, or a letter and 8 since 2021. Retrieved 2026-11-21. */
export const US_RULES: readonly LoneRule[] = [
  {
    type: 'US_SSN',
    rule: 'us-ssn',
    group: 'ssn',
    shape: /(?<![\d-])\d{3}[- ]?\d{2}[- ]?\d{4}(?![\d-])/g,
    check: socialSecurityShape,
    confidence: 0.9,
    country: 'US',
  },
  {
    type: 'US_ITIN',
    rule: 'us-itin',
    group: 'us-itin',
    shape: /(?<![\d-])9\d{2}[- ]?\d{2}[- ]?\d{4}(?![\d-])/g,
    check: taxpayerShape,
    confidence: 0.85,
    country: 'US',
    alone: 0.5,
    whole: /-/,
  },
  {
    type: 'US_EIN',
    rule: 'us-ein',
    group: 'us-ein',
    shape: /(?<![\d-])\d{2}-?\d{7}(?![\d-])/g,
    check: employerShape,
    confidence: 0.85,
    country: 'US',
  },
  {
    type: 'ABA_ROUTING_NUMBER',
    rule: 'us-routing',
    group: 'us-routing',
    shape: /(?<![\d-])\d{4}-?\d{4}-?\d(?![\d-])/g,
    check: routingCheck,
    checkName: 'mod 10, 3-7-1',
    confidence: 0.9,
    country: 'US',
    alone: 0.45,
  },
  {
    type: 'US_BANK_NUMBER',
    rule: 'us-bank-account',
    group: 'us-bank',
    shape: /(?<![A-Za-z\d-])\d{8,17}(?![A-Za-z\d-])/g,
    confidence: 0.7,
    country: 'US',
    reach: 40,
    back: 0,
  },
  {
    type: 'US_NPI',
    rule: 'us-npi',
    group: 'us-npi',
    shape: /(?<!\d)[12]\d{3}[- ]?\d{3}[- ]?\d{3}(?!\d)/g,
    check: providerCheck,
    checkName: 'Luhn, 80840',
    confidence: 0.9,
    country: 'US',
  },
  {
    type: 'US_MBI',
    rule: 'us-mbi',
    group: 'us-mbi',
    shape:
      /(?<![A-Za-z\d])[1-9](?!\d{3})[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}(?![A-Za-z\d])/gi,
    confidence: 0.95,
    country: 'US',
    alone: 0.6,
  },
  {
    type: 'US_DEA',
    rule: 'us-dea',
    group: 'us-dea',
    shape: /(?<![A-Za-z\d])[ABCDEFGHJKLMPRSTUX][A-Z9]-?\d{7}(?!\w)/gi,
    check: deaCheck,
    checkName: 'DEA mod 10',
    confidence: 0.9,
    country: 'US',
  },
  {
    type: 'MEDICAL_LICENSE',
    rule: 'medical-license',
    group: 'medical-license',
    shape: /(?<![A-Za-z\d])[ABCDEFGHJKLMPRSTUX][A-Z9]-?\d{7}(?!\w)/gi,
    check: deaCheck,
    checkName: 'DEA mod 10',
    confidence: 0.85,
    country: 'US',
    alone: 0.45,
  },
  {
    type: 'US_DRIVER_LICENSE',
    rule: 'us-driver-license',
    group: 'us-licence',
    shape:
      /(?<![A-Za-z\d-])(?!\d{3}-\d{2}-\d{4})(?=(?:[A-Z- ]{0,7}\d){4})[A-Z]{0,7}-?\d[A-Z\d]{0,18}(?:[- ]\d{1,8}[A-Z]?){0,4}(?:[A-Z]|(?![A-Za-z\d-]))/g,
    check: isLicenceShape,
    confidence: 0.8,
    country: 'US',
    reach: 40,
    back: 0,
  },
  {
    type: 'US_PASSPORT',
    rule: 'us-passport',
    group: 'us-passport',
    shape: /(?<![A-Za-z\d-])[A-Z\d]\d{8}(?![A-Za-z\d-])/gi,
    confidence: 0.75,
    country: 'US',
  },
  {
    type: 'US_PASSPORT',
    rule: 'us-passport',
    group: 'us-passport-word',
    shape: /(?<![A-Za-z\d-])[A-Z]\d{8}(?![A-Za-z\d-])/g,
    confidence: 0.65,
    country: 'US',
    alone: 0.45,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Numbers of the United States beside their own names. A licence or an account number never counts alone. */
export const identityUs: Detector = {
  id: 'identity-us',
  acrossParts: true,
  literals: [
    words(
      'us-itin',
      'itin|individual taxpayer|taxpayer id|taxpayer identification|tax payer|tax id|tin|irs',
    ),
    words(
      'us-ein',
      'ein|employer identification number|employer id|federal tax id|fein|irs number|numéro d’employeur américain|tin|taxpayer identification number',
    ),
    words(
      'us-routing',
      'routing|routing number|aba|aba number|aba routing|rtn|transit number|bank transit|numéro de routage|numéro de transit|wire transfer',
    ),
    words(
      'us-bank',
      'bank account|bank account number|account number|acct number|acct no|account no|account #|acct #|checking account|savings account|direct deposit|banking account|debit account|numéro de compte|compte bancaire|compte n°',
    ),
    words(
      'us-npi',
      'npi|national provider identifier|provider identifier|provider number|prescriber',
    ),
    words(
      'us-mbi',
      'mbi|medicare|medicare number|medicare beneficiary|beneficiary identifier|medicare id',
    ),
    words('us-dea', 'dea|dea number|dea registration|drug enforcement|numéro dea'),
    words(
      'medical-license',
      'medical license|medical licence|medical certificate|physician license|prescriber license|licence médicale|certificat médical|medical certificate id',
    ),
    words(
      'us-licence',
      'driver license|drivers license|driver’s license|driver licence|driver’s licence|driving license|driving licence|driver’s permit|permis de conduire américain|dl number|dl#|dl no|license number|licence number|license id|dmv|lic#|driver license id',
    ),
    words(
      'us-passport',
      'passport|passport number|passport no|passport #|us passport|american passport|passport card|travel document|travel passport|passeport américain|passeport us',
    ),
    words('us-passport-word', 'passeport|travel document|travel passport'),
  ],
  near: US_RULES,
}
