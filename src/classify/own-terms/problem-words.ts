import type { Language } from '#kernel/refusal-messages.ts'
import type { PatternProblem } from './pattern-syntax.ts'
import type { DocumentProblem } from './register-document.ts'
import type { TermProblem } from './spellings.ts'

/** Why something that the company told is not taken. */
export type OwnProblem =
  | TermProblem
  | PatternProblem
  | DocumentProblem
  | 'too-many-terms'
  | 'too-many-lists'
  | 'too-many-patterns'
  | 'match-is-fixed'

/** What is expected instead, as the words after "must be". */
export const OWN_PROBLEM_WORDS: Readonly<Record<OwnProblem, Readonly<Record<Language, string>>>> = {
  'term-empty': {
    en: 'a term with letters or digits',
    fr: 'un terme avec des lettres ou des chiffres',
  },
  'term-too-short': {
    en: 'a term of three letters or five digits at least',
    fr: "un terme d'au moins trois lettres ou cinq chiffres",
  },
  'term-too-long': {
    en: 'a term of twelve words and 400 characters at most',
    fr: "un terme d'au plus douze mots et 400 caractères",
  },
  'term-too-common': {
    en: 'a term that does not stand in every other sentence',
    fr: 'un terme qui ne se trouve pas dans une phrase sur deux',
  },
  'too-many-terms': {
    en: 'among 6,000,000 spellings at most',
    fr: 'parmi 6 000 000 de graphies au plus',
  },
  'too-many-lists': { en: 'one of 64 lists at most', fr: "l'une de 64 listes au plus" },
  'too-many-patterns': { en: 'one of 64 patterns at most', fr: "l'un de 64 motifs au plus" },
  'match-is-fixed': {
    en: 'the one the list was made with (remove the list to change it)',
    fr: 'celui avec lequel la liste a été créée (supprimez la liste pour en changer)',
  },
  'document-too-short': {
    en: 'a text of twenty words at least',
    fr: "un texte d'au moins vingt mots",
  },
  'too-many-documents': {
    en: 'among 20,000 documents and 8,000,000 fingerprints at most',
    fr: "parmi 20 000 documents et 8 000 000 d'empreintes au plus",
  },
  'pattern-syntax': {
    en: 'a regular expression of ECMAScript without inline flags or \\p{…}',
    fr: 'une expression régulière ECMAScript, sans options en ligne ni \\p{…}',
  },
  'pattern-too-long': { en: 'of 500 characters at most', fr: 'de 500 caractères au plus' },
  'pattern-backreference': { en: 'free of back-references', fr: 'sans référence arrière' },
  'pattern-lookaround': {
    en: 'free of lookarounds beyond 32 characters or inside each other',
    fr: 'sans assertion au-delà de 32 caractères ni imbriquée',
  },
  'pattern-nested-quantifier': {
    en: 'free of repetitions inside repetitions that can share a text in more than one way',
    fr: 'sans répétition dans une répétition qui puisse se partager un texte de plusieurs façons',
  },
  'pattern-overlapping-quantifiers': {
    en: 'free of neighbouring repetitions that can take the same characters',
    fr: 'sans répétitions voisines qui puissent prendre les mêmes caractères',
  },
  'pattern-overlapping-alternatives': {
    en: 'free of repeated alternatives that can start alike',
    fr: 'sans alternatives répétées qui puissent commencer de même',
  },
  'pattern-matches-empty': {
    en: 'an expression that takes at least one character',
    fr: 'une expression qui prend au moins un caractère',
  },
  'pattern-too-wide': {
    en: 'an expression that takes 2,000 characters at most',
    fr: 'une expression qui prend au plus 2 000 caractères',
  },
  'pattern-too-slow': {
    en: 'an expression that takes fewer steps on texts made against it',
    fr: 'une expression qui demande moins de pas sur des textes faits contre elle',
  },
}
