import { cifCheck, dniCheck, nieCheck, spanishSocialSecurity } from '../../checks/spanish.ts'
import { keywords } from '../../data/keywords.ts'
import type { Detector } from '../../scan/detector.ts'
import type { NearRule } from '../../scan/find-near.ts'

const MOD_23 = 'letter mod 23'

const RULES: readonly NearRule[] = [
  {
    type: 'ES_NIF',
    rule: 'es-nif',
    group: 'es-nif',
    shape: /(?<![A-Za-z\d])\d{1,2}\.?\d{3}\.?\d{3} ?-? ?[A-Z](?![A-Za-z\d])/gi,
    check: (compact) => dniCheck(compact.padStart(9, '0')),
    checkName: MOD_23,
    confidence: 0.95,
    alone: 0.6,
  },
  {
    type: 'ES_NIE',
    rule: 'es-nie',
    group: 'es-nie',
    shape: /(?<![A-Za-z\d])[XYZ][ -]?\d{7}[ -]?[A-Z](?![A-Za-z\d])/gi,
    check: nieCheck,
    checkName: MOD_23,
    confidence: 0.95,
    alone: 0.6,
  },
  {
    type: 'ES_CIF',
    rule: 'es-cif',
    group: 'es-cif',
    shape: /(?<![A-Za-z\d])[A-HJNP-SUVW][ -]?\d{7}[ -]?[\dA-J](?![A-Za-z\d])/gi,
    check: cifCheck,
    checkName: 'control of the CIF',
    confidence: 0.9,
    alone: 0.5,
  },
  {
    type: 'ES_SSN',
    rule: 'es-social-security',
    group: 'es-ssn',
    shape: /(?<!\d)\d{2}[ /-]?\d{8}[ /-]?\d{2}(?!\d)/g,
    check: spanishSocialSecurity,
    checkName: 'mod 97',
    confidence: 0.95,
    alone: 0.65,
  },
  {
    type: 'ES_PASSPORT',
    rule: 'es-passport',
    group: 'es-passport',
    shape: /(?<![A-Za-z\d])[A-Z]{3} ?\d{6}(?![A-Za-z\d])/g,
    confidence: 0.85,
  },
]

/** Spanish numbers: DNI and NIF, NIE, CIF of entities, social security, passport (Real Decreto 1553/2005; Orden EHA/451/2008; Orden INT/2058/2008; Tesorería General de la Seguridad Social). */
export const spain: Detector = {
  id: 'es-identity',
  acrossParts: true,
  literals: [
    keywords(
      'es-nif',
      'dni|nif|d.n.i|n.i.f|documento nacional de identidad|documento de identidad|número de identificación fiscal|spanish id|spanish national id|spanish tax|carte d’identité espagnole|identité espagnole|identificación fiscal',
    ),
    keywords(
      'es-nie',
      'nie|n.i.e|número de identidad de extranjero|número de identificación de extranjero|identidad de extranjero|identificación de extranjero|extranjero|foreigner identity|foreigner id|tarjeta de residencia|étranger en espagne',
    ),
    keywords(
      'es-cif',
      'cif|c.i.f|nif|código de identificación fiscal|sociedad|empresa|spanish company|société espagnole',
    ),
    keywords(
      'es-ssn',
      'seguridad social|nuss|número de afiliación|afiliación|naf|spanish social security|sécurité sociale espagnole|social security|sécurité sociale',
    ),
    keywords('es-passport', 'pasaporte|número de pasaporte|passport|passeport'),
  ],
  near: RULES.map((rule) => ({ ...rule, country: 'ES' })),
}
