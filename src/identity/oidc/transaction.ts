import { createHash, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Clock, RandomBytes } from '#kernel/ports.ts'
import { newNonce, seal, unseal } from '../seal.ts'
import type { AuthorizationRequest } from './provider.ts'

const Cli = z.strictObject({
  /** Where the command line listens on this machine; null: the code is shown, to be pasted. */
  port: z.number().int().min(1024).max(65_535).nullable(),
  /** PKCE of the command line towards us (RFC 7636, S256). */
  challenge: z.string(),
  state: z.string(),
})
/** A sign-in that a command line waits for. */
export type CliWaiting = z.infer<typeof Cli>

const Transaction = z.strictObject({
  provider: z.string(),
  redirectUri: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  cli: Cli.nullable(),
  expiresAt: z.number(),
})
/** What one browser began and must bring back; it alone holds it, and cannot read it. */
export type Transaction = z.infer<typeof Transaction> & AuthorizationRequest

/** Time to find one's password and second factor, milliseconds. */
const LASTS = 10 * 60_000
const PURPOSE = 'sign-in transaction'
/** The cookie of one transaction; two tabs have two. */
const COOKIE = 'ecluse_sign_in_'
const SHOWN = 8
/** Bytes of state, nonce and verifier: 43 characters each. */
const RANDOM_BYTES = 32

export interface TransactionsOptions {
  readonly key: KeyObject
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/** Sign-ins under way. Nothing is kept here but which ones were completed. */
export interface Transactions {
  begin(asked: Pick<Transaction, 'provider' | 'redirectUri' | 'returnTo' | 'cli'>): Transaction
  /** Name and value of its cookie. */
  cookieOf(transaction: Transaction): { name: string; value: string; maxAgeSeconds: number }
  /** The transaction that this browser began under this state; null when there is none, or it is over. */
  find(cookies: ReadonlyMap<string, string>, state: string): Transaction | null
  /** Marks it as over: true once. */
  complete(transaction: Transaction): boolean
}

/** More sign-ins than happen within one lifetime of a transaction; beyond, the provider's own codes are still good once. */
const MOST_COMPLETED = 100_000

export function createTransactions({ key, clock, randomBytes }: TransactionsOptions): Transactions {
  const random = (): string => Buffer.from(randomBytes(RANDOM_BYTES)).toString('base64url')
  const completed = new Map<string, number>()
  const forget = (): void => {
    for (const [state, until] of completed) {
      if (until > clock() && completed.size < MOST_COMPLETED) return
      completed.delete(state)
    }
  }
  return {
    begin: (asked) => ({
      ...asked,
      state: random(),
      nonce: random(),
      verifier: random(),
      expiresAt: clock() + LASTS,
    }),
    cookieOf(transaction) {
      const bytes = Buffer.from(JSON.stringify(transaction))
      const value = seal(key, PURPOSE, newNonce(randomBytes), bytes).toString('base64url')
      return { name: transactionCookie(transaction.state), value, maxAgeSeconds: LASTS / 1000 }
    },
    find(cookies, state) {
      const value = cookies.get(transactionCookie(state))
      if (value === undefined) return null
      const opened = unseal(key, PURPOSE, Buffer.from(value, 'base64url'))
      if (!opened) return null
      const read = Transaction.safeParse(JSON.parse(opened.toString('utf8')))
      if (!read.success || read.data.state !== state) return null
      return read.data.expiresAt > clock() && !completed.has(state) ? read.data : null
    },
    complete({ state, expiresAt }) {
      forget()
      if (completed.has(state)) return false
      completed.set(state, expiresAt)
      return true
    },
  }
}

/** The state comes from the address bar: only its digest goes into a name. */
export const transactionCookie = (state: string): string =>
  COOKIE + createHash('sha256').update(state).digest('hex').slice(0, SHOWN)

/** Screens of our own page, and nothing that a browser could take for another host. */
const OWN_PLACE = /^\/(?:app\/[\w./-]{0,200})?$/

/** Where to go after sign-in: a place of our own page, or its start. */
export const ownPlace = (asked: unknown): string =>
  typeof asked === 'string' && OWN_PLACE.test(asked) && !asked.includes('//') ? asked : '/'
