import { err, ok, type Result } from './result.ts'
import type { Refusal } from './refusal.ts'
import type { Label } from './label.ts'
import type { EpochMs } from './units.ts'

/** The exit that asks for the bytes: it must be the one the passage was issued for. */
export interface Exit {
  readonly destination: string
  /** Scheme, host and port, or the socket path, that the bytes are about to be written to. */
  readonly origin: string
  readonly now: EpochMs
}

export interface PassageTerms {
  readonly destination: string
  readonly origin: string
  readonly label: Label
  readonly policyVersion: string
  readonly expiresAt: EpochMs
}

/** What a passage carries: the bytes, and the content type that tells how to read them. */
export interface PassageBody {
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Makes passages. Only the policy room may hold one (checked by lint). */
export type PassageMint = (terms: PassageTerms, body: PassageBody) => Passage

let construct: PassageMint

/**
 * The only way for content to leave: a body sealed for one destination, opened once, before a deadline.
 * There is no public constructor, and nothing to serialise: stored work is decided again when it leaves.
 */
export class Passage {
  readonly destination: string
  readonly label: Label
  readonly policyVersion: string
  readonly #origin: string
  readonly #expiresAt: EpochMs
  #body: PassageBody | null

  private constructor(terms: PassageTerms, body: PassageBody) {
    this.destination = terms.destination
    this.label = terms.label
    this.policyVersion = terms.policyVersion
    this.#origin = terms.origin
    this.#expiresAt = terms.expiresAt
    this.#body = body
  }

  static {
    construct = (terms, body) => new Passage(terms, body)
  }

  /** The body, once, for the exit the passage names; anything else is refused and spends it. */
  open(exit: Exit): Result<PassageBody, Refusal> {
    const body = this.#body
    this.#body = null
    const valid =
      body !== null &&
      exit.destination === this.destination &&
      exit.origin === this.#origin &&
      exit.now <= this.#expiresAt
    return valid ? ok(body) : err({ code: 'passage-refused' })
  }

  toJSON(): never {
    throw new TypeError('a Passage is never serialised')
  }
}

/** Hands out the mint; `policy/gate.ts` is the one file that may call it. */
export const createPassageMint = (): PassageMint => construct
