import type { Facts } from '#kernel/verdict.ts'
import type { Policy } from './document.ts'
import type { ShareKind } from './ports.ts'
import { spreadHash } from './spread-hash.ts'

/** The policies that count at one moment. */
export interface PoliciesInForce {
  readonly policy: Policy
  /** Decides a share of the requests in its place; null: none. */
  readonly staged: StagedPolicy | null
  /** Asked beside, never obeyed; null: none. */
  readonly shadow: Policy | null
  /** Who put it in force, a stored version or that of the file again, and why, as they said it; absent: nobody but the file. */
  readonly origin?: {
    readonly source: 'store' | 'file'
    readonly author: string
    readonly reason: string
  }
}

export interface StagedPolicy {
  readonly policy: Policy
  /** Percent. */
  readonly share: number
  readonly by: ShareKind
}

export const onlyPolicy = (policy: Policy): PoliciesInForce => ({
  policy,
  staged: null,
  shadow: null,
})

/** The policy that decides a request. The same key, or team, always meets the same one, and stays when the share grows. */
export function policyFor({ policy, staged }: PoliciesInForce, { caller }: Facts): Policy {
  if (!staged) return policy
  const id = staged.by === 'team' ? (caller?.team ?? caller?.key) : caller?.key
  return isInShare(staged, id ?? '') ? staged.policy : policy
}

/** Whether a key or a team is in the share of a staged policy. */
export const isInShare = ({ policy, share }: StagedPolicy, id: string): boolean =>
  // the version takes part, so that it is not always the same keys that go first
  spreadHash(`${policy.version}:${id}`) % 100 < share
