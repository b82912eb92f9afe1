import type { Detector } from '../../scan/detector.ts'
import type { LoneRule } from '../../scan/find-alone.ts'

/** Codes of local government areas open a plate: three letters, three digits, two letters (Federal Road Safety Corps). */
const NG_PLATE = /(?<![A-Za-z\d])[A-Z]{3}[- ]?\d{3}[- ]?[A-Z]{2}(?![A-Za-z\d])/g

/**
 * Identifiers of the Maghreb and of West Africa, beside their own names only: no check is published.
 * Morocco: DGSN, CNIE; Tunisia: Ministère de l'Intérieur, CIN; Algeria: NIN of 18 digits (law 2014);
 * Senegal: CNI CEDEAO, 13 digits, sex first; Côte d'Ivoire: ONECI, CI and nine digits, NNI of 11;
 * Mali: NINA; Nigeria: NIMC (NIN of 11 digits), CBN (BVN of 11 digits, 22 first). Retrieved 2026-11-21.
 */
export const AFRICA_RULES: readonly LoneRule[] = [
  {
    type: 'MA_CIN',
    rule: 'ma-cin',
    group: 'cin',
    shape: /(?<![A-Za-z\d])[A-Z]{1,2} ?\d{5,6}(?![A-Za-z\d])/g,
    confidence: 0.8,
    country: 'MA',
    reach: 40,
  },
  {
    type: 'TN_CIN',
    rule: 'tn-cin',
    group: 'cin',
    shape: /(?<![A-Za-z\d-])[01]\d{7}(?![A-Za-z\d-])/g,
    confidence: 0.8,
    country: 'TN',
    reach: 40,
  },
  {
    type: 'DZ_NIN',
    rule: 'dz-nin',
    group: 'dz-nin',
    shape: /(?<![\d-])[1-3]\d{8} ?\d{9}(?![\d-])/g,
    confidence: 0.85,
    country: 'DZ',
  },
  {
    type: 'SN_CNI',
    rule: 'sn-cni',
    group: 'sn-cni',
    shape: /(?<![\d-])[12] ?\d{3} ?\d{4} ?\d{5}(?![\d-])/g,
    confidence: 0.85,
    country: 'SN',
  },
  {
    type: 'CI_CNI',
    rule: 'ci-cni',
    group: 'ci-cni',
    shape: /(?<![A-Za-z\d-])(?:CI ?\d{9}|C ?\d{4} ?\d{4} ?\d{2}|\d{11})(?![A-Za-z\d-])/g,
    confidence: 0.85,
    country: 'CI',
  },
  {
    type: 'ML_NINA',
    rule: 'ml-nina',
    group: 'ml-nina',
    shape: /(?<![A-Za-z\d])[12]\d{13} ?[A-Z](?![A-Za-z\d])/g,
    confidence: 0.85,
    country: 'ML',
  },
  {
    type: 'NG_NIN',
    rule: 'ng-nin',
    group: 'ng-nin',
    shape: /(?<![\d-])\d{4}[- ]?\d{3}[- ]?\d{4}(?![\d-])/g,
    check: (digits) => !/^(\d)\1*$/.test(digits),
    confidence: 0.85,
    country: 'NG',
  },
  {
    type: 'NG_BVN',
    rule: 'ng-bvn',
    group: 'ng-bvn',
    shape: /(?<![\d-])22\d{9}(?![\d-])/g,
    confidence: 0.85,
    country: 'NG',
  },
  {
    type: 'NG_VEHICLE_REGISTRATION',
    rule: 'ng-vehicle',
    group: 'ng-vehicle',
    shape: NG_PLATE,
    confidence: 0.85,
    country: 'NG',
    alone: 0.5,
  },
]

const words = (name: string, list: string) =>
  ({ name, standing: 'stem', words: list.split('|') }) as const

/** Identity cards and numbers of Morocco, Tunisia, Algeria, Senegal, Côte d'Ivoire, Mali and Nigeria. */
export const identityAfrica: Detector = {
  id: 'identity-africa',
  acrossParts: true,
  literals: [
    words(
      'cin',
      'cin|cnie|n° cin|numéro cin|carte d’identité marocaine|carte d’identité tunisienne|carte d’identité nationale marocaine|bitaqa|moroccan id|tunisian id',
    ),
    words(
      'dz-nin',
      'nin|numéro d’identification national|numéro d’identité national|carte d’identité algérienne|algerian id',
    ),
    words(
      'sn-cni',
      'cni sénégal|carte cedeao|carte d’identité cedeao|carte d’identité sénégalaise|numéro d’identification nationale|nin|cni|ecowas card|senegalese id',
    ),
    words(
      'ci-cni',
      'cni ivoirienne|carte d’identité ivoirienne|oneci|nni|ivorian id|numéro national d’identification',
    ),
    words('ml-nina', 'nina|numéro nina|carte nina|malian id'),
    words('ng-nin', 'nin|national identification number|nimc|nigerian id|national identity number'),
    words('ng-bvn', 'bvn|bank verification number'),
    words(
      'ng-vehicle',
      'nigerian plate|plate number|number plate|vehicle registration|license plate|licence plate|frsc|registration number|nigerian vehicle',
    ),
  ],
  near: AFRICA_RULES,
}
