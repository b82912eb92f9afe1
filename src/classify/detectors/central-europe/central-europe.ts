import {
  austrianNumber,
  czechBirthNumber,
  greekSocialSecurity,
  peselCheck,
  romanianNumber,
} from '../../checks/personal.ts'
import { vatCheck } from '../../checks/vat.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

const RULES: readonly NearRule[] = [
  {
    type: 'AT_SVNR',
    rule: 'at-social-security',
    group: 'at-svnr',
    shape: /(?<!\d)[1-9]\d{3}[ /-]?\d{2}\.?\d{2}\.?\d{2}(?!\d)/g,
    check: austrianNumber,
    checkName: 'mod 11',
    confidence: 0.92,
    country: 'AT',
  },
  {
    type: 'PL_PESEL',
    rule: 'pl-pesel',
    group: 'pl-pesel',
    shape: /(?<![\d-])\d{11}(?![\d-]\d|\d)/g,
    check: peselCheck,
    checkName: 'weights 1 3 7 9 mod 10',
    confidence: 0.92,
    country: 'PL',
    alone: 0.55,
  },
  {
    type: 'PL_NIP',
    rule: 'pl-nip',
    group: 'pl-nip',
    shape:
      /(?<!\d)(?:PL ?)?\d{3}[- ]?(?:\d{3}[- ]?\d{2}[- ]?\d{2}|\d{2}[- ]?\d{2}[- ]?\d{3})(?!\d)/g,
    check: (compact) => vatCheck('PL', compact.replace(/^PL/, '')),
    checkName: 'mod 11',
    confidence: 0.9,
    country: 'PL',
  },
  {
    type: 'CZ_RC',
    rule: 'cz-birth-number',
    group: 'cz-rc',
    shape: /(?<![\d/])\d{6}[/ ]?\d{3,4}(?![\d/])/g,
    check: czechBirthNumber,
    checkName: 'mod 11',
    confidence: 0.92,
    country: 'CZ',
  },
  {
    type: 'SK_RC',
    rule: 'sk-birth-number',
    group: 'sk-rc',
    shape: /(?<![\d/])\d{6}[/ ]?\d{3,4}(?![\d/])/g,
    check: czechBirthNumber,
    checkName: 'mod 11',
    confidence: 0.92,
    country: 'SK',
  },
  {
    type: 'RO_CNP',
    rule: 'ro-cnp',
    group: 'ro-cnp',
    shape: /(?<!\d)[1-9] ?\d{6} ?\d{6}(?!\d)/g,
    check: romanianNumber,
    checkName: 'mod 11',
    confidence: 0.95,
    country: 'RO',
    alone: 0.6,
  },
  {
    type: 'GR_AFM',
    rule: 'gr-afm',
    group: 'gr-afm',
    shape: /(?<![A-Za-z\d])\d{9}(?!\d)/g,
    check: (compact) => vatCheck('EL', compact),
    checkName: 'powers of 2 mod 11',
    confidence: 0.9,
    country: 'GR',
  },
  {
    type: 'GR_AMKA',
    rule: 'gr-amka',
    group: 'gr-amka',
    shape: /(?<!\d)\d{6} ?\d{5}(?!\d)/g,
    check: greekSocialSecurity,
    checkName: 'Luhn',
    confidence: 0.92,
    country: 'GR',
  },
]

/** National numbers of Austria, Poland, Czechia, Slovakia, Romania and Greece, each beside its name (Dachverband der Sozialversicherungsträger; Ministerstwo Cyfryzacji; law 133/2000; law 105/1996; AADE; EFKA). */
export const centralEurope: Detector = {
  id: 'central-europe-identity',
  acrossParts: true,
  literals: [
    keywords(
      'at-svnr',
      'svnr|sv-nummer|sv-nr|sozialversicherungsnummer|versicherungsnummer|e-card|austrian social security|sécurité sociale autrichienne|numéro autrichien|social security|sécurité sociale',
    ),
    keywords(
      'pl-pesel',
      'pesel|numer pesel|nr pesel|polish national id|polish id|numéro national polonais|identifiant polonais',
    ),
    keywords(
      'pl-nip',
      'nip|numer nip|nr nip|polish tax|numer identyfikacji podatkowej|numéro fiscal polonais|polish vat',
    ),
    keywords(
      'cz-rc',
      'rodné číslo|rodneho cisla|rodného čísla|rodné č|r.č|birth number|czech birth number|numéro de naissance|numéro de naissance tchèque|czech national id',
    ),
    keywords(
      'sk-rc',
      'rodné čislo sr|slovak birth number|numéro de naissance slovaque|slovak national id|slovenské rodné číslo',
    ),
    keywords(
      'ro-cnp',
      'cnp|cod numeric personal|codul numeric personal|romanian personal code|romanian national id|numéro personnel roumain|code numérique personnel|personal numeric code',
    ),
    keywords(
      'gr-afm',
      'afm|a.f.m|αφμ|α.φ.μ|αριθμός φορολογικού μητρώου|arithmos forologikou mitroou|greek tax|numéro fiscal grec|greek tin',
    ),
    keywords(
      'gr-amka',
      'amka|α.μ.κ.α|αριθμός μητρώου κοινωνικής ασφάλισης|a.m.k.a|greek social security|sécurité sociale grecque',
    ),
  ],
  near: RULES,
}
