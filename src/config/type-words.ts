import type { Language } from '#kernel/refusal-messages.ts'
import type { FormatName } from './schema-formats.ts'

type Words = Readonly<Record<Language, string>>

/** Types of value, as the schema and the reader name them. */
const TYPES: Readonly<Record<string, Words>> = {
  string: { en: 'a text', fr: 'un texte' },
  number: { en: 'a number', fr: 'un nombre' },
  int: { en: 'a whole number', fr: 'un nombre entier' },
  nan: { en: 'no usable number', fr: 'un nombre inutilisable' },
  boolean: { en: 'true or false', fr: 'true ou false' },
  array: { en: 'a list', fr: 'une liste' },
  object: { en: 'a group of `key: value`', fr: 'un groupe de `clé: valeur`' },
  other: { en: 'another kind of value', fr: 'une autre sorte de valeur' },
}

/** Formats of text, with an example where one helps. */
const FORMATS: Readonly<Record<FormatName, Words>> = {
  'host-port': {
    en: 'an address and a port such as `127.0.0.1:4141` or `[::1]:4141`',
    fr: 'une adresse et un port, comme `127.0.0.1:4141` ou `[::1]:4141`',
  },
  'host-name': {
    en: 'a host name such as `ai.example.org`, without scheme, port or `*`',
    fr: "un nom d'hôte comme `ia.exemple.fr`, sans protocole, port ni `*`",
  },
  digest: {
    en: 'a SHA-256 of 64 hexadecimal digits in lower case, such as sha256:…',
    fr: 'un SHA-256 de 64 chiffres hexadécimaux en minuscules, comme sha256:…',
  },
  'address-block': {
    en: 'an address or a block such as `10.0.0.0/8`',
    fr: 'une adresse ou un bloc, comme `10.0.0.0/8`',
  },
  jurisdiction: {
    en: 'a country code such as `FR`, or `EU` or `EEA`',
    fr: 'un code de pays comme `FR`, ou `EU` ou `EEA`',
  },
  country: {
    en: 'one country code such as `FR`, or `local` or `unknown`; a group is no place',
    fr: "un seul code de pays comme `FR`, ou `local` ou `unknown` ; un groupe n'est pas un lieu",
  },
  identifier: {
    en: 'an id of small letters, digits, `.`, `-` and `_`, 64 at most',
    fr: 'un identifiant en minuscules, chiffres, `.`, `-` et `_`, 64 au plus',
  },
  'public-key': {
    en: 'a public key as PEM, P-256, P-384 or P-521 (`ecluse models key`)',
    fr: 'une clé publique au format PEM, P-256, P-384 ou P-521 (`ecluse models key`)',
  },
  'http-url': {
    en: 'an address such as `https://host/v1`, without `?`, `#` or braces',
    fr: 'une adresse comme `https://hote/v1`, sans `?`, `#` ni accolades',
  },
  'finding-type': {
    en: 'the name of a finding type such as `EMAIL_ADDRESS` or `MEDICAL_CONDITION`',
    fr: 'le nom d’un type de constat, comme `EMAIL_ADDRESS` ou `MEDICAL_CONDITION`',
  },
  window: {
    en: 'a length of time from `1s` to `31d`, such as `10s`, `1m`, `1h` or `1d`',
    fr: 'une durée de `1s` à `31d`, comme `10s`, `1m`, `1h` ou `1d`',
  },
  dimensions: {
    en: 'organisation, team, person, application, key, model or destination, joined by `+`',
    fr: 'organisation, team, person, application, key, model ou destination, reliés par `+`',
  },
  'some-limit': {
    en: 'at least one limit, such as `requests: 60`, or a `priority`',
    fr: 'au moins une limite, comme `requests: 60`, ou une `priority`',
  },
  'time-zone': {
    en: 'the name of a time zone such as `Europe/Paris`',
    fr: 'le nom d’un fuseau horaire comme `Europe/Paris`',
  },
  currency: {
    en: 'a currency of three letters such as `EUR`',
    fr: 'une devise en trois lettres comme `EUR`',
  },
  decimal: {
    en: 'a number with six decimals at most',
    fr: 'un nombre à six décimales au plus',
  },
  day: { en: 'a day such as `2026-01-31`', fr: 'un jour comme `2026-01-31`' },
  'issuer-url': {
    en: 'an address such as `https://sso.example.org/realms/company`; `http://` on this machine only',
    fr: 'une adresse comme `https://sso.exemple.fr/realms/societe` ; `http://` sur cette machine seulement',
  },
  'own-url': {
    en: 'an address without a path, such as `https://ai.example.org`',
    fr: 'une adresse sans chemin, comme `https://ia.exemple.fr`',
  },
  'mail-domain': {
    en: 'a domain such as `example.org`, without `@` or `*`',
    fr: 'un domaine comme `exemple.fr`, sans `@` ni `*`',
  },
  'one-line': {
    en: 'a text of one line, 200 characters at most',
    fr: 'un texte sur une ligne, de 200 caractères au plus',
  },
}

const lookup = (table: Readonly<Record<string, Words>>, name: string): Words | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/** A type or format in words; an unknown name is said as it is. */
export const typeWords = (name: string, language: Language): string =>
  (lookup(TYPES, name) ?? lookup(FORMATS, name))?.[language] ?? name
