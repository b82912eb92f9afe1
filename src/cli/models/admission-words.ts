import type { AdmissionAct, AdmissionState } from '#kernel/admission.ts'
import type { EvidenceKind } from '#models/admission/record.ts'
import type { Said, Terminal } from '../terminal.ts'

/** Words of both languages for the codes that records hold. */
type Words = Readonly<Record<string, Said>>

export const STATES: Readonly<Record<AdmissionState, Said>> = {
  quarantined: { en: 'quarantined', fr: 'en quarantaine' },
  scanned: { en: 'scanned', fr: 'analysé' },
  verified: { en: 'verified', fr: 'vérifié' },
  approved: { en: 'approved', fr: 'approuvé' },
  suspended: { en: 'suspended', fr: 'suspendu' },
  revoked: { en: 'revoked', fr: 'révoqué' },
}

export const ACTS: Readonly<Record<AdmissionAct, Said>> = {
  brought: { en: 'brought', fr: 'apporté' },
  scanned: { en: 'scanned', fr: 'analysé' },
  verified: { en: 'verified', fr: 'vérifié' },
  approved: { en: 'approved', fr: 'approuvé' },
  suspended: { en: 'suspended', fr: 'suspendu' },
  revoked: { en: 'revoked', fr: 'révoqué' },
  exception: { en: 'exception', fr: 'exception' },
  'licence-judged': { en: 'licence judged', fr: 'licence jugée' },
  imported: { en: 'imported', fr: 'importé' },
}

export const ATTESTED: Words = {
  here: { en: 'read here', fr: 'lus ici' },
  reported: { en: 'reported by the server', fr: 'déclarés par le serveur' },
  configured: { en: 'attested by configuration', fr: 'attestés par la configuration' },
}

export const STOPS: Words = {
  checking: { en: 'being looked at', fr: 'en cours d’examen' },
  quarantined: { en: 'in quarantine', fr: 'en quarantaine' },
  suspended: { en: 'suspended', fr: 'suspendu' },
  revoked: { en: 'revoked', fr: 'révoqué' },
  changed: { en: 'its bytes changed', fr: 'ses octets ont changé' },
  'exception-missing': { en: 'needs an exception', fr: 'exige une exception' },
  'licence-blocked': { en: 'its licence forbids it', fr: 'sa licence l’interdit' },
}

/** Verdicts of the scanner, and of licences. */
export const VERDICTS: Words = {
  clean: { en: 'clean', fr: 'rien trouvé' },
  forbidden: { en: 'forbidden', fr: 'interdit' },
  'not-analysed': { en: 'not analysed', fr: 'non analysé' },
  allow: { en: 'allowed', fr: 'permis' },
  'allow-with-duties': { en: 'allowed, with duties', fr: 'permis, avec des devoirs' },
  'needs-legal': { en: 'ask a lawyer', fr: 'demander à un juriste' },
  block: { en: 'not allowed', fr: 'interdit' },
}

export const SEVERITIES: Words = {
  critical: { en: 'critical', fr: 'critique' },
  high: { en: 'high', fr: 'grave' },
  medium: { en: 'medium', fr: 'moyen' },
  low: { en: 'low', fr: 'faible' },
}

export const SOURCES: Words = {
  'python-package': { en: 'Python package', fr: 'paquet Python' },
  'hugging-face': { en: 'Hugging Face', fr: 'Hugging Face' },
  url: { en: 'address', fr: 'adresse' },
  file: { en: 'file', fr: 'fichier' },
  'ollama-registry': { en: 'Ollama registry', fr: 'registre Ollama' },
  'ollama-store': { en: 'Ollama of this machine', fr: 'Ollama de cette machine' },
  oci: { en: 'OCI registry', fr: 'registre OCI' },
  bundle: { en: 'bundle', fr: 'archive' },
}

export const EVIDENCE: Readonly<Record<EvidenceKind, Said>> = {
  pinned: { en: "the product's own table", fr: 'la table du produit' },
  registry: { en: 'its registry', fr: 'son registre' },
  digest: { en: 'a digest that was given', fr: 'une empreinte donnée' },
  signature: { en: 'a signature', fr: 'une signature' },
  house: { en: 'another house', fr: 'une autre maison' },
}

/** A code in words; as it is where there are none. */
export const inWords = (words: Words, code: string, terminal: Terminal): string => {
  const said = Object.hasOwn(words, code) ? words[code] : undefined
  return said === undefined ? code : terminal.say(said)
}
