import type { Said } from '../terminal.ts'

/** Kinds of what licences ask, in words. */
export const CONDITIONS: Readonly<Record<string, Said>> = {
  licence: { en: 'licence', fr: 'licence' },
  attribution: { en: 'attribution', fr: 'attribution' },
  aup: { en: 'acceptable use', fr: 'usage acceptable' },
  derivatives: { en: 'derivatives', fr: 'dérivés' },
  hosting: { en: 'hosting', fr: 'hébergement' },
  mau: { en: 'number of users', fr: "nombre d'usagers" },
  naming: { en: 'naming', fr: 'nom' },
  'non-commercial': { en: 'non-commercial', fr: 'non commercial' },
  notice: { en: 'notice', fr: 'mention' },
  'output-training': { en: 'use of outputs', fr: 'usage des sorties' },
  registration: { en: 'registration', fr: 'enregistrement' },
  revenue: { en: 'revenue', fr: "chiffre d'affaires" },
  sector: { en: 'sector', fr: 'secteur' },
  'share-alike': { en: 'share-alike', fr: 'même licence' },
  termination: { en: 'termination', fr: 'résiliation' },
  territory: { en: 'territory', fr: 'territoire' },
}
