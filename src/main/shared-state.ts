// What all processes of a gateway know, as a worker is told it.
import type { Policy } from '#policy/document.ts'
import type { PoliciesInForce } from '#policy/in-force.ts'
import type { SharedState } from './worker-messages.ts'

/** What has not changed stays the same object: what was worked out of it stays too. */
export const sameObjects = (before: SharedState, next: SharedState): SharedState => ({
  ...next,
  catalogue:
    before.catalogue.version === next.catalogue.version ? before.catalogue : next.catalogue,
  policies: samePolicies(before.policies, next.policies),
})

export function samePolicies(before: PoliciesInForce, next: PoliciesInForce): PoliciesInForce {
  const known = [before.policy, before.staged?.policy, before.shadow]
  const same = (policy: Policy): Policy =>
    known.find((one) => one?.version === policy.version) ?? policy
  return {
    policy: same(next.policy),
    staged: next.staged && { ...next.staged, policy: same(next.staged.policy) },
    shadow: next.shadow && same(next.shadow),
  }
}
