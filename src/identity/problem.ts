import type { Language } from '#kernel/refusal-messages.ts'

/** Why the gateway cannot start with the secrets it was given. Never holds the secret. */
export interface SecretProblem {
  readonly code:
    | 'secret-malformed'
    | 'secret-too-short'
    | 'secret-exposed'
    | 'secret-unreadable'
    | 'secret-changed'
    | 'bootstrap-key-weak'
  /** File or environment variable at fault. */
  readonly where: string
  /** The file's mode, or the system's own words. */
  readonly found: string
}

const WORDINGS: Record<SecretProblem['code'], Record<Language, string>> = {
  'secret-malformed': {
    en: '{where} is neither base64 nor hexadecimal. Make one with `openssl rand -base64 32`.',
    fr: "{where} n'est ni du base64 ni de l'hexadécimal. Créez-en un avec `openssl rand -base64 32`.",
  },
  'secret-too-short': {
    en: '{where} holds less than 32 bytes. Make one with `openssl rand -base64 32`.',
    fr: '{where} contient moins de 32 octets. Créez-en un avec `openssl rand -base64 32`.',
  },
  'secret-exposed': {
    en: '{where} can be read by others (mode {found}). Run `chmod 600 {where}`, and replace it if others could log in.',
    fr: "{where} est lisible par d'autres (mode {found}). Lancez `chmod 600 {where}`, et remplacez-le si d'autres ont pu se connecter.",
  },
  'secret-unreadable': {
    en: '{where} cannot be read or made ({found}).',
    fr: '{where} ne peut être lu ou créé ({found}).',
  },
  'secret-changed': {
    en: 'This database was made with another root secret than {where}: every key would be refused. Put the former secret back.',
    fr: "Cette base a été créée avec un autre secret que {where} : toutes les clés seraient refusées. Remettez l'ancien secret.",
  },
  'bootstrap-key-weak': {
    en: '{where} must be 24 to 200 printable characters without spaces. Make one with `openssl rand -base64 32`.',
    fr: '{where} doit avoir 24 à 200 caractères imprimables sans espace. Créez-en une avec `openssl rand -base64 32`.',
  },
}

/** The problem in words, with what to do about it. */
export const describeSecretProblem = (problem: SecretProblem, language: Language): string =>
  WORDINGS[problem.code][language]
    .replaceAll('{where}', problem.where)
    .replaceAll('{found}', problem.found)
