import { isOfFile, LiveQuotas } from '#quotas/live-quotas.ts'
import type { LeaseAuthority } from '#quotas/ports.ts'
import type { LeaseGrant } from '#quotas/quota-window.ts'
import type { Quota } from '#quotas/quota.ts'
import type { Limits } from '#pipeline/limits.ts'
import type { LiveConfig } from './live-config.ts'
import type { QuotaChange } from './quotas-admin.ts'
import { leasing } from './quotas.ts'
import type { ToSupervisor, ToWorker } from './worker-messages.ts'

export interface WorkerQuotas {
  readonly limits: Limits
  readonly leased: (batch: number, grants: readonly LeaseGrant[] | null) => void
  readonly change: (change: QuotaChange) => void
  /** Another configuration is in force. */
  readonly configured: () => void
  readonly close: () => Promise<void>
}

/** The quotas of one worker: slices of each count come from the process that holds the data directory. */
export function workerQuotas(
  { holder, quotas }: Pick<Extract<ToWorker, { kind: 'start' }>, 'holder' | 'quotas'>,
  config: LiveConfig,
  tell: (message: ToSupervisor) => void,
): WorkerQuotas {
  const live = new LiveQuotas()
  const configured = (): void => live.replace(config.current.quotas, isOfFile)
  const stored = (all: readonly Quota[]): void => live.replace(all, (quota) => !isOfFile(quota))
  configured()
  stored(quotas)
  const asks = askedElsewhere(tell)
  const { limits, close } = leasing(holder, asks.authority, live)
  return {
    limits,
    leased: asks.answer,
    change(change) {
      if (change.kind === 'put') for (const quota of change.quotas) live.put(quota)
      else if (change.kind === 'remove') live.remove(change.tenant, change.id)
      else stored(change.quotas)
    },
    configured,
    close,
  }
}

/** Asks travel as messages; each waits for its answer. */
function askedElsewhere(tell: (message: ToSupervisor) => void) {
  const waiting = new Map<number, (grants: readonly LeaseGrant[] | null) => void>()
  let sent = 0
  const authority: LeaseAuthority = {
    lease: (asks) =>
      new Promise((resolve, reject) => {
        sent += 1
        waiting.set(sent, (grants) => {
          if (grants) resolve(grants)
          else reject(new Error('not leased'))
        })
        tell({ kind: 'lease', batch: sent, asks })
      }),
  }
  const answer: WorkerQuotas['leased'] = (batch, grants) => {
    waiting.get(batch)?.(grants)
    waiting.delete(batch)
  }
  return { authority, answer }
}
