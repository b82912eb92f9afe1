import type { Finding } from '#kernel/label.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { Facts, RefusedCode, Verdict } from '#kernel/verdict.ts'
import { isKnownModel } from '#policy/catalogue-index.ts'
import type { Catalogue } from '#policy/document.ts'

/** Seconds after which a model that is being fetched or loaded is worth another try. */
const NOT_READY_RETRY_SECONDS = 5
/** Seconds after which a destination that is down has been tried again. */
const DOWN_RETRY_SECONDS = 5

/** What is said against weights, whoever asks. */
const STOPPED: ReadonlySet<RefusedCode> = new Set([
  'weights-quarantined',
  'weights-suspended',
  'weights-revoked',
  'weights-changed',
  'exception-missing',
  'licence-blocked',
])

interface Case {
  readonly verdict: Verdict
  readonly catalogue: Catalogue
  readonly facts: Facts
  readonly findings: readonly Finding[]
  readonly progress: string
  readonly decision: string
}

/** Why no destination is left: an unknown name, one that is only late, or the policy. Types of findings, never their text. */
export function noDestination(of: Case): Refusal {
  const { verdict } = of
  if (!isKnownModel(of.facts.requestedModel, of.catalogue))
    return { code: 'unknown-model', param: 'model' }
  const highest = of.facts.limits?.maxClass
  if (highest && verdict.refused.some(({ code }) => code === 'class-above-key')) {
    return {
      code: 'class-above-key',
      detail: {
        class: verdict.label.class,
        highest,
        types: typesOf(of.findings),
        decision: of.decision,
      },
    }
  }
  if (verdict.refused.some(({ code }) => code === 'not-ready')) {
    return {
      code: 'model-not-ready',
      detail: { progress: of.progress },
      retryAfterSeconds: NOT_READY_RETRY_SECONDS,
    }
  }
  const stopped = verdict.refused.find(({ code }) => STOPPED.has(code))
  if (stopped && verdict.refused.every(({ code }) => STOPPED.has(code))) {
    const { code: reason, model, rule } = stopped
    return { code: 'model-not-admitted', detail: { model, reason, rule } }
  }
  const down = verdict.refused.find(({ code }) => code === 'down')
  if (down) {
    return {
      code: 'destination-unreachable',
      detail: { destination: down.destination },
      retryAfterSeconds: DOWN_RETRY_SECONDS,
    }
  }
  const rules = new Set(verdict.refused.map(({ code, rule }) => `${code} by ${rule}`))
  return {
    code: 'no-eligible-destination',
    detail: {
      class: verdict.label.undetermined
        ? `${verdict.label.class} (undetermined)`
        : verdict.label.class,
      count: verdict.refused.length,
      reasons: [...rules].slice(0, 5).join('; ') || '-',
      types: typesOf(of.findings),
      decision: of.decision,
    },
  }
}

/** Names of what was found, never its text. */
const typesOf = (findings: readonly Finding[]): string =>
  [...new Set(findings.map(({ type }) => type))].slice(0, 8).join(', ') || '-'
