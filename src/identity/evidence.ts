import type { Refusal } from '#kernel/refusal.ts'
import { err, type Result } from '#kernel/result.ts'
import type { Actor } from './giving.ts'

/** Records what somebody is about to change, durably; nothing changes for anybody where it is refused. */
export type Evidence = (
  actor: Pick<Actor, 'tenant' | 'keyId'>,
  action: string,
  subject: string,
) => Promise<Result<void, Refusal>>

/** Of a process that may not change anything. */
export const NO_EVIDENCE: Evidence = () => Promise.resolve(err({ code: 'ledger-unavailable' }))
