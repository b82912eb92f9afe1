import type { Component, Family } from './family.ts'
import type { Grade } from './grade.ts'
import { COMPONENT_WORDS, type Said } from './words.ts'

/** What decides the level of a row, in one line. */
export function reasonOf(family: Family, grade: Grade): Said {
  return { en: sentence(family, grade, 'en'), fr: sentence(family, grade, 'fr') }
}

const BETWEEN: Readonly<Record<1 | 2 | 6, Said>> = {
  1: { en: 'offered to nobody outside', fr: 'offert à personne au-dehors' },
  2: { en: 'an API only, no weights', fr: 'une API seulement, aucun poids' },
  6: {
    en: 'weights, training code and every data set',
    fr: "poids, code d'entraînement et tous les jeux de données",
  },
}
const INVITED: Said = { en: 'by invitation only', fr: 'sur invitation seulement' }
const GATED: Said = { en: ' (behind a form)', fr: ' (derrière un formulaire)' }
const PARTIAL: Said = { en: 'in part', fr: 'en partie' }

function sentence(
  family: Family,
  { level, letter, liftedBy, blockedBy }: Grade,
  language: keyof Said,
): string {
  if (level === 1) return (family.access?.to === 'invited' ? INVITED : BETWEEN[1])[language]
  if (level === 2 || level === 6) return BETWEEN[level][language]
  const isPartial = (one: Component): boolean => family.evidence[one]?.state === 'partial'
  const weights = `${COMPONENT_WORDS.weights[language]}${isPartial('weights') ? GATED[language] : ''}`
  if (level === 3)
    return language === 'fr'
      ? `${weights} ; rien de leur fabrication`
      : `${weights}; nothing of how they were made`
  if (level === 4) {
    const some = liftedBy.map((one) =>
      isPartial(one)
        ? `${COMPONENT_WORDS[one][language]} (${PARTIAL[language]})`
        : COMPONENT_WORDS[one][language],
    )
    return [weights, ...some].join(', ')
  }
  const wanting = blockedBy.map((one) =>
    one === 'licence'
      ? `${COMPONENT_WORDS.licence[language]} (${letter})`
      : COMPONENT_WORDS[one][language],
  )
  return language === 'fr'
    ? `code et compte rendu des données ; pas ouvert : ${wanting.join(', ')}`
    : `code and a full account of the data; not open: ${wanting.join(', ')}`
}
