import { luhn } from '../../checks/luhn.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

/** FINESS: the department may be Corsican; Luhn counts the letter as 0 (DREES). */
export const finess = (compact: string): boolean =>
  /^\d[\dAB]\d{7}$/.test(compact) && !/^0+$/.test(compact) && luhn(compact.replace(/[AB]/, '0'))

const RULES: readonly NearRule[] = [
  {
    type: 'FR_ADELI',
    rule: 'fr-adeli',
    group: 'fr-adeli',
    shape: /(?<![A-Za-z\d])(?:\d{2}|2[AB]) ?\d(?: ?\d){6}(?![A-Za-z\d])/gi,
    confidence: 0.85,
  },
  {
    type: 'FR_FINESS',
    rule: 'fr-finess',
    group: 'fr-finess',
    shape: /(?<![A-Za-z\d])(?:\d{2}|2[AB]) ?\d(?: ?\d){6}(?![A-Za-z\d])/gi,
    check: finess,
    checkName: 'Luhn',
    confidence: 0.92,
  },
  {
    type: 'FR_AM',
    rule: 'fr-health-fund',
    group: 'fr-am',
    shape: /(?<![A-Za-z\d])(?:[A-Z]{3} ?)?\d{2}[ -]?\d{3}[ -]?\d{3,4}(?![A-Za-z\d])/g,
    confidence: 0.7,
    reach: 30,
    back: 0,
  },
  {
    type: 'FR_CAF',
    rule: 'fr-caf',
    group: 'fr-caf',
    shape: /(?<![A-Za-z\d])\d{7}(?: ?[A-Z]|[a-z])?(?![A-Za-z\d])/g,
    confidence: 0.85,
  },
  {
    type: 'FR_FRANCE_TRAVAIL',
    rule: 'fr-france-travail',
    group: 'fr-travail',
    shape: /(?<![A-Za-z\d])(?:\d{7}(?: ?[A-Z]|[a-z])|\d{11})(?![A-Za-z\d])/g,
    confidence: 0.85,
  },
  {
    type: 'FR_INE',
    rule: 'fr-ine',
    group: 'fr-ine',
    shape:
      /(?<![A-Za-z\d])(?:\d{10}(?: ?[A-Z]|[a-z])|\d{9}(?: ?[A-Z]{2}|[a-z]{2})|\d[\dA-Z]{9}\d)(?![A-Za-z\d])/g,
    confidence: 0.88,
  },
  {
    type: 'FR_RESIDENCE_PERMIT',
    rule: 'fr-residence-permit',
    group: 'fr-residence',
    shape:
      /(?<![A-Za-z\d])(?:\d{9,10}|(?=[A-Z\d]{0,8}\d)(?=[A-Z\d]{0,8}[A-Z])[A-Z\d]{9})(?![A-Za-z\d])/g,
    confidence: 0.85,
  },
  {
    type: 'FR_LICENSE_PLATE',
    rule: 'fr-plate',
    group: 'plate',
    shape:
      /(?<![A-Za-z\d-])(?!SS)[A-HJ-NP-TV-Z]{2}[- ]?(?!000)\d{3}[- ]?(?!SS)[A-HJ-NP-TV-Z]{2}(?![A-Za-z\d-])/gi,
    confidence: 0.85,
    alone: 0.5,
  },
  {
    type: 'FR_LICENSE_PLATE',
    rule: 'fr-plate-old',
    group: 'plate',
    shape:
      /(?<![A-Za-z\d-])[1-9]\d{1,3}[- ]?[A-HJ-NP-Z]{2,3}[- ]?(?:0[1-9]|[1-8]\d|9[0-5]|97[1-6]|2[AB])(?![A-Za-z\d-])/g,
    confidence: 0.8,
  },
  {
    type: 'FR_NAF',
    rule: 'fr-naf',
    group: 'fr-naf',
    shape: /(?<![A-Za-z\d.])\d{2}\.?\d{2} ?[A-Z](?![A-Za-z\d])/g,
    confidence: 0.85,
    reach: 25,
    back: 0,
  },
  {
    type: 'FR_RNA',
    rule: 'fr-rna',
    group: 'fr-rna',
    shape: /(?<![A-Za-z\d])W\d{9}(?![A-Za-z\d])/gi,
    confidence: 0.88,
  },
]

/** French numbers that only their own name makes readable: care (ADELI, FINESS, fund), family, work, school, residence, plates, activity, associations (DREES; CNAM; CNAF; France Travail; decree of 16 February 2012; Ministère de l'Intérieur; INSEE). */
export const administrationFr: Detector = {
  id: 'fr-administration',
  acrossParts: true,
  literals: [
    keywords('fr-adeli', 'adeli|n° adeli|numéro adeli|identifiant adeli|adeli number'),
    keywords(
      'fr-finess',
      'finess|n° finess|numéro finess|finess number|finess géographique|finess juridique',
    ),
    keywords(
      'fr-am',
      'organisme de rattachement|organisme d’affiliation|code organisme|code caisse|numéro de caisse|n° de caisse|centre de paiement|code centre|caisse d’affiliation|caisse d’assurance maladie|cpam|health insurance fund|caisse primaire',
    ),
    keywords(
      'fr-caf',
      'allocataire|numéro d’allocataire|n° d’allocataire|n° allocataire|matricule caf|numéro caf|n° caf|caf|caisse d’allocations familiales|allocations familiales|family allowance',
    ),
    keywords(
      'fr-travail',
      'france travail|pôle emploi|identifiant france travail|identifiant pôle emploi|demandeur d’emploi|demandeuse d’emploi|n° france travail|identifiant de demandeur|jobseeker|job seeker|anpe|assedic',
    ),
    keywords(
      'fr-ine',
      'ine|n° ine|numéro ine|code ine|identifiant national étudiant|identifiant national élève|identifiant national|numéro étudiant|numéro d’étudiant|bea|numéro bea|ine/bea|ine-rnie|parcoursup|national student|student number',
    ),
    keywords(
      'fr-residence',
      'titre de séjour|titres de séjour|carte de séjour|carte de résident|agdref|numéro étranger|n° étranger|numéro d’étranger|récépissé|récépissé de demande|autorisation de séjour|residence permit|numéro de séjour|anef',
    ),
    keywords(
      'plate',
      'immat|plaque d’immatriculation|numéro d’immatriculation|n° d’immatriculation|carte grise|certificat d’immatriculation|automobile|camion|camionnette|scooter|moto|utilitaire|licence plate|stationnement|conducteur|garé|garée|immatriculée au nom',
    ),
    keywords('fr-naf', 'naf|ape|code ape|code naf|naf/ape|ape/naf|naf code|activité principale'),
    keywords(
      'fr-rna',
      'rna|waldec|association|répertoire national des associations|numéro rna|n° rna',
    ),
  ],
  near: RULES.map((rule) => ({ ...rule, country: 'FR' })),
}
