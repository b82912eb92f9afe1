import type { Language } from '#kernel/refusal-messages.ts'

/** Words that stand for what a person writes, in French; those that are the same are left out. */
const FRENCH: Readonly<Record<string, string>> = {
  COUNT: 'NOMBRE',
  DIGEST: 'EMPREINTE',
  FILE: 'FICHIER',
  FOLDER: 'DOSSIER',
  HOST: 'HÔTE',
  KEY: 'CLÉ',
  KIND: 'GENRE',
  MODEL: 'MODÈLE',
  NAME: 'NOM',
  OWNER: 'AUTEUR',
  PATH: 'CHEMIN',
  REFERENCE: 'RÉFÉRENCE',
  REVISION: 'RÉVISION',
  TEXT: 'TEXTE',
  WHEN: 'QUAND',
  WHO: 'QUI',
  WORD: 'MOT',
  'YYYY-MM-DD': 'AAAA-MM-JJ',
}

/** How a command is written, with the words that stand for something in the language of the reader. */
export const usageIn = (usage: string, language: Language): string =>
  language === 'en'
    ? usage
    : usage.replaceAll(/YYYY-MM-DD|\b[A-Z]{2,}\b/g, (word) => FRENCH[word] ?? word)
