import type { Kept, Taken } from '#budgets/account.ts'
import type { Amount, PeriodKey } from '#budgets/budget.ts'
import type { Vault } from '#budgets/ports.ts'

/** What a worker asks of the process that reaches the database. */
export type BudgetCall =
  | {
      readonly what: 'take'
      readonly key: PeriodKey
      readonly epoch: string | null
      readonly amount: Amount
    }
  | {
      readonly what: 'keep' | 'hold-more'
      readonly key: PeriodKey
      readonly epoch: string
      readonly amount: Amount
    }
  | { readonly what: 'refused'; readonly key: PeriodKey }

export type BudgetAnswer = Taken | Kept | boolean | null

/** Answers a worker's call with the vault of its chain. @throws when the database fails */
export async function answerCall(vault: Vault, call: BudgetCall): Promise<BudgetAnswer> {
  switch (call.what) {
    case 'take':
      return vault.take(call.key, call.epoch, call.amount)
    case 'keep':
      return vault.keep(call.key, call.epoch, call.amount)
    case 'hold-more':
      return vault.holdMore(call.key, call.epoch, call.amount)
    case 'refused':
      vault.refused(call.key)
      return null
  }
}

export interface RemoteVault extends Vault {
  /** The answer to a call; null when it failed. */
  readonly answered: (call: number, answer: BudgetAnswer) => void
}

/** The vault of a process that does not reach the database: every call is a message to the one that does. */
export function remoteVault(send: (call: number, what: BudgetCall) => void): RemoteVault {
  const waiting = new Map<number, (answer: BudgetAnswer) => void>()
  let calls = 0
  const ask = <Answer>(
    what: BudgetCall,
    isIt: (answer: BudgetAnswer) => answer is Answer & BudgetAnswer,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      calls += 1
      waiting.set(calls, (answer) =>
        isIt(answer) ? resolve(answer) : reject(new Error('the budgets cannot be reached')),
      )
      send(calls, what)
    })
  return {
    take: (key, epoch, amount) => ask({ what: 'take', key, epoch, amount }, isTaken),
    keep: (key, epoch, amount) => ask({ what: 'keep', key, epoch, amount }, isKept),
    holdMore: (key, epoch, amount) => ask({ what: 'hold-more', key, epoch, amount }, isFlag),
    refused(key) {
      calls += 1
      send(calls, { what: 'refused', key })
    },
    answered(call, answer) {
      const tell = waiting.get(call)
      waiting.delete(call)
      tell?.(answer)
    },
  }
}

const isTaken = (answer: BudgetAnswer): answer is Taken =>
  typeof answer === 'object' && answer !== null && 'granted' in answer
const isKept = (answer: BudgetAnswer): answer is Kept =>
  typeof answer === 'object' && answer !== null && 'isLost' in answer
const isFlag = (answer: BudgetAnswer): answer is boolean => typeof answer === 'boolean'
