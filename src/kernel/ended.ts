import type { Refusal } from './refusal.ts'

/** Why an exchange was ended from our side while it ran, as the reason of its abort signal: a key revoked, a budget spent. */
export class Ended {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    this.refusal = refusal
  }
}

/** The refusal that ended an exchange from our side; null while it runs, and when the caller left by themselves. */
export function endedBy(signal: AbortSignal): Refusal | null {
  const reason: unknown = signal.aborted ? signal.reason : null
  return reason instanceof Ended ? reason.refusal : null
}
