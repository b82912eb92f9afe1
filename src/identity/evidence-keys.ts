import { hkdfSync, type KeyObject } from 'node:crypto'

/** What the evidence is signed and kept with. */
export interface EvidenceKeys {
  /** Seeds of the keys that sign checkpoints, by generation. */
  readonly seedOf: (generation: number) => Uint8Array
  /** Wraps the keys that kept texts are sealed under. */
  readonly content: Uint8Array
  /** Seals answers that are kept. */
  readonly answers: Uint8Array
  /** Of the digests that kept answers are found by. */
  readonly answerKeys: Uint8Array
  /** Seed of the company's key, which vouches for weights: 48 bytes. */
  readonly models: Uint8Array
  /** A person's id as what is kept, and evidence of an erasure, names it: 32 hexadecimal digits. */
  readonly subjectDigest: (person: string) => string
}

/** Derived (HKDF-SHA256) from a key that outlives a new root secret: what was signed and sealed before must stay so. */
export function evidenceKeys(carried: KeyObject): EvidenceKeys {
  const base = carried.export()
  const derived = (purpose: string, length = 32): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', base, '', `ecluse/v1/${purpose}`, length))
  return {
    seedOf: (generation) => derived(`evidence-signing/${generation}`),
    content: derived('content'),
    answers: derived('cached-answers'),
    answerKeys: derived('cached-answer-keys'),
    models: derived('model-signing', 48),
    subjectDigest: (person) =>
      Buffer.from(derived(`content-subject/${person}`, 16)).toString('hex'),
  }
}
