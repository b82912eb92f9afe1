import type { Amount } from './budget.ts'

/** What one writer of the ledger has of one period of one budget. */
export interface Share {
  /** All that it may spend in this period, what it has spent included. */
  readonly allotted: Amount
  /** Settled, by outcomes that are in the ledger. */
  readonly spent: Amount
  /** Held by decisions in the ledger without an outcome in the ledger; below zero when an earlier share had them. */
  readonly held: Amount
  /** Names the memory that spends it; empty while nobody does. */
  readonly epoch: string
  /** Changes whenever its owner shows that it lives. */
  readonly beat: number
}

/**
 * One period of one budget, kept as one document and changed by compare-and-swap, so that every promise below holds
 * among any number of processes. All of it is additive in the records of the ledger.
 */
export interface Account {
  /** Spent by writers that have left. */
  readonly gone: Amount
  readonly shares: Readonly<Record<string, Share>>
  /** The last record of each writer that is counted here: none is counted twice. */
  readonly seen: Readonly<Record<string, number>>
  /** Writers that asked and got nothing although others have something to spare. */
  readonly starved: readonly string[]
}

export const EMPTY_ACCOUNT: Account = { gone: 0, shares: {}, seen: {}, starved: [] }

/** What one record of the ledger means for one period. */
export interface Entry {
  readonly seq: number
  readonly held: Amount
  readonly spent: Amount
}

const fresh = (epoch: string): Share => ({ allotted: 0, spent: 0, held: 0, epoch, beat: 0 })

const claimOf = ({ allotted, spent, held }: Share): Amount => Math.max(allotted, spent + held)

/** All that is spent, held or handed out: never above the hard limit, unless that was lowered or an answer cost more than it could. */
export const committedOf = ({ gone, shares }: Account): Amount =>
  Object.values(shares).reduce((sum, share) => sum + claimOf(share), gone)

/** All that is settled. */
export const spentOf = ({ gone, shares }: Account): Amount =>
  Object.values(shares).reduce((sum, share) => sum + share.spent, gone)

/** All that decisions hold. */
export const heldOf = ({ shares }: Account): Amount =>
  Object.values(shares).reduce((sum, share) => sum + share.held, 0)

/** Handed out and neither spent nor held, by others than this writer. */
const spareElsewhere = ({ shares }: Account, writer: string): Amount =>
  Object.entries(shares)
    .filter(([name]) => name !== writer)
    .reduce((sum, [, share]) => sum + claimOf(share) - share.spent - share.held, 0)

const withShare = (account: Account, writer: string, share: Share): Account => ({
  ...account,
  shares: { ...account.shares, [writer]: share },
})

/** They nearly always are. */
const inOrder = (entries: readonly Entry[]): readonly Entry[] =>
  entries.every(({ seq }, at) => at === 0 || seq >= (entries[at - 1]?.seq ?? 0))
    ? entries
    : entries.toSorted((a, b) => a.seq - b.seq)

/** Counts records of one writer, each once. */
export function project(account: Account, writer: string, entries: readonly Entry[]): Account {
  const seen = account.seen[writer] ?? 0
  let share = account.shares[writer] ?? fresh('')
  let last = seen
  for (const { seq, held, spent } of inOrder(entries)) {
    if (seq <= last) continue
    share = { ...share, held: share.held + held, spent: share.spent + spent }
    last = seq
  }
  if (last === seen) return account
  return { ...withShare(account, writer, share), seen: { ...account.seen, [writer]: last } }
}

/** A writer is gone, or begins anew: what its decisions hold counts as spent, what it had to spare is free again. */
export function close(account: Account, writer: string): Account {
  const { [writer]: share, ...shares } = account.shares
  if (!share) return account
  const starved = account.starved.filter((name) => name !== writer)
  return { ...account, gone: account.gone + share.spent + share.held, shares, starved }
}

/** What a writer is told of the rest. */
export interface Others {
  /** Settled by others. */
  readonly spent: Amount
  /** Spent, held or handed out to others. */
  readonly committed: Amount
  /** Somebody else gets nothing while this writer may have something to spare. */
  readonly starved: boolean
}

export const othersOf = (account: Account, writer: string): Others => {
  const mine = account.shares[writer]
  return {
    spent: spentOf(account) - (mine?.spent ?? 0),
    committed: committedOf(account) - (mine ? claimOf(mine) : 0),
    starved: account.starved.some((name) => name !== writer),
  }
}

export interface Take {
  readonly writer: string
  /** The memory that asks; null when it has none of this share yet. */
  readonly epoch: string | null
  /** Its name from now on, if it has none. */
  readonly newEpoch: string
  readonly want: Amount
  readonly hard: Amount
}

export interface Taken {
  readonly epoch: string
  /** The share was closed meanwhile: the memory begins anew with what is granted now. */
  readonly isNew: boolean
  readonly granted: Amount
  /** Others have so much to spare. */
  readonly elsewhere: Amount
  readonly others: Others
}

/** A part of what is left for one who asks: this share of it, so that others find something too. */
const SLICE_SHARE = 4

/** Hands out a slice of what is left, at least what is wanted if there is so much, and a part of the rest. */
export function take(account: Account, of: Take): readonly [Account, Taken] {
  const { writer, want, hard } = of
  const known = account.shares[writer]
  const isNew = !known || of.epoch === null || known.epoch !== of.epoch
  // what an earlier memory had is counted for good: the new one begins at nothing
  const before = isNew ? close(account, writer) : account
  const share = before.shares[writer] ?? fresh(of.newEpoch)
  const { epoch } = share
  const left = Math.max(0, hard - committedOf(before))
  const part = Math.floor(left / SLICE_SHARE / Math.max(1, Object.keys(before.shares).length))
  const granted = Math.min(left, Math.max(want, part))
  const next = withShare(before, writer, {
    ...share,
    allotted: share.allotted + granted,
    beat: share.beat + 1,
  })
  const elsewhere = spareElsewhere(before, writer)
  const isStarved = granted < want && elsewhere > 0
  const others = next.starved.filter((name) => name !== writer)
  const after = { ...next, starved: isStarved ? [...others, writer] : others }
  return [after, { epoch, isNew, granted, elsewhere, others: othersOf(after, writer) }]
}

export interface Kept {
  /** The share was closed meanwhile: nothing of it may be spent any more. */
  readonly isLost: boolean
  readonly others: Others
}

/** The owner of a share lives, and wants to keep so much of it. */
export function keep(
  account: Account,
  of: { readonly writer: string; readonly epoch: string; readonly allotted: Amount },
): readonly [Account, Kept] {
  const share = account.shares[of.writer]
  const others = othersOf(account, of.writer)
  if (!share || share.epoch !== of.epoch) return [account, { isLost: true, others }]
  const allotted = Math.min(share.allotted, of.allotted)
  const starved = account.starved.filter((name) => name !== of.writer)
  const next = withShare(account, of.writer, { ...share, allotted, beat: share.beat + 1 })
  return [
    { ...next, starved },
    { isLost: false, others },
  ]
}

/** Holds more than the decision in the ledger says, for another attempt; false when the share is not there any more. */
export function holdMore(
  account: Account,
  of: { readonly writer: string; readonly epoch: string; readonly amount: Amount },
): readonly [Account, boolean] {
  const share = account.shares[of.writer]
  if (!share || share.epoch !== of.epoch) return [account, false]
  return [withShare(account, of.writer, { ...share, held: share.held + of.amount }), true]
}
