import { hash } from 'node:crypto'
import { AddingTerms } from '#classify/own-terms/add-terms.ts'
import { changeOwn, type Changed, type OwnChange } from '#classify/own-terms/change-own.ts'
import { decodeOwn, encodeOwn } from '#classify/own-terms/encode.ts'
import type { Digest } from '#classify/own-terms/lanes.ts'
import { EMPTY_DATA, openOwnTerms, type OwnTerms } from '#classify/own-terms/own-terms.ts'
import { OWN_PROBLEM_WORDS } from '#classify/own-terms/problem-words.ts'
import type { OwnTermsAdmin } from '#gateway/admin-ports.ts'
import type { Identity } from '#identity/identity.ts'
import { newNonce, seal, unseal } from '#identity/seal.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { RandomBytes } from '#kernel/ports.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { readWhole, writeWhole } from '#store/whole-file.ts'
import type { Log } from './log.ts'

type Keys = Identity['ownTermsKeys']

/** What the file is sealed for; another form of it has another name. */
export const OWN_TERMS_PURPOSE = 'ecluse/own-terms/1'
/** Hexadecimal digits of the tag that name a version. */
const VERSION_DIGITS = 16
const TAG_FROM = 12

/** The company's own terms as they are in force in this process. */
export interface LiveOwnTerms {
  /** Null when the file cannot be read: every text is undetermined until it can. */
  current: OwnTerms | null
}

/** Reads the file of the company's own terms; null when there is one and it cannot be read. */
export function readOwnTerms(path: string, keys: Keys, log: Log): OwnTerms | null {
  const own = readFile(path, keys)
  if (own === null) log('error', { code: 'own-terms-unreadable', path })
  return own
}

function readFile(path: string, keys: Keys): OwnTerms | null {
  try {
    const sealed = readWhole(path)
    if (sealed === null) return openOwnTerms(EMPTY_DATA, '', digestOf(keys))
    const bytes = unseal(keys.file, OWN_TERMS_PURPOSE, sealed)
    const data = bytes === null ? null : decodeOwn(bytes)
    return data === null ? null : openOwnTerms(data, sealedVersion(sealed), digestOf(keys))
  } catch {
    // no right to read, a directory in its place: what is in it is not known
    return null
  }
}

/** Room for the key and a term of usual length. */
const SCRATCH_BYTES = 2_048

/** SHA-256 over the key and a text, in one call: an HMAC costs five times as much. Of the digest half is kept at most, so that nobody can lengthen it. */
export function digestOf({ digest }: Pick<Keys, 'digest'>): Digest {
  const key = digest.export()
  const scratch = Buffer.alloc(SCRATCH_BYTES)
  key.copy(scratch)
  return (text) => {
    const isShort = key.length + 3 * text.length <= SCRATCH_BYTES
    const bytes = isShort ? scratch : Buffer.concat([key, Buffer.alloc(3 * text.length)])
    const length = key.length + bytes.write(text, key.length)
    return hash('sha256', bytes.subarray(0, length), 'buffer')
  }
}

/** The tag of the sealing names the content: another content has another. */
export const sealedVersion = (sealed: Uint8Array): string =>
  Buffer.from(sealed.subarray(TAG_FROM, TAG_FROM + VERSION_DIGITS / 2)).toString('hex')

export interface KeeperParts {
  readonly path: string
  readonly keys: Keys
  readonly live: LiveOwnTerms
  readonly randomBytes: RandomBytes
  readonly log: Log
  /** Records as evidence that an administrator changed something, durably. */
  readonly evidence: (
    actor: string,
    action: string,
    subject: string,
  ) => Promise<Result<void, Refusal>>
  /** Gives the other gateways of the database what takes the place of a version; false when it is not theirs any more. */
  readonly share: (before: string, sealed: Uint8Array) => Promise<boolean>
  /** Tells the ledger that these are in force, just before they are. */
  readonly ruling: (own: OwnTerms | null, actor: string) => void
  /** Tells those who have a copy that the file is another one. */
  readonly changed: () => void
}

/** Changes what the company has told: evidence first, then the file, then what is in force. One change after the other. */
export function keepOwnTerms(parts: KeeperParts): OwnTermsAdmin {
  let last: Promise<unknown> = Promise.resolve()
  return {
    view: () => viewOf(parts.live.current),
    change(change, actor, language) {
      const next = last.then(() => apply(parts, change, actor, language))
      last = next.catch(() => {})
      return next
    },
  }
}

async function apply(
  { path, keys, live, randomBytes, log, evidence, share, ruling, changed: tellOthers }: KeeperParts,
  change: OwnChange,
  actor: string,
  language: Language,
): Promise<Result<Omit<Changed, 'data'>, Refusal>> {
  if (live.current === null) {
    log('error', { code: 'own-terms-unreadable', path })
    return err({ code: 'internal-error' })
  }
  const made = await changed(live.current, change)
  if (!made.ok) {
    const { code, param } = made.error
    return err(
      code === 'not-found'
        ? { code, param }
        : { code: 'invalid-value', param, detail: { expected: OWN_PROBLEM_WORDS[code][language] } },
    )
  }
  const { data, ...told } = made.value
  const durable = await evidence(actor, `own-terms-${change.kind}`, subjectOf(change))
  if (!durable.ok) return durable
  const sealed = seal(keys.file, OWN_TERMS_PURPOSE, newNonce(randomBytes), encodeOwn(data))
  // another gateway may have changed them; what it told is on its way here
  if (!(await share(live.current.version, sealed))) return err({ code: 'conflict' })
  if (!isWritten(path, sealed)) {
    log('error', { code: 'own-terms-unwritable', path })
    return err({ code: 'internal-error' })
  }
  const next = openOwnTerms(data, sealedVersion(sealed), digestOf(keys))
  ruling(next, actor)
  live.current = next
  tellOthers()
  return ok(told)
}

/** Terms taken in one go, so that requests are served between two of them. */
const SLICE = 1_000

async function changed(own: OwnTerms, change: OwnChange): Promise<ReturnType<typeof changeOwn>> {
  const list = own.data.lists.findIndex(({ id }) => change.kind === 'add-terms' && id === change.id)
  if (change.kind !== 'add-terms' || list < 0) return changeOwn(own, change)
  const adding = new AddingTerms(own, list)
  for (let from = 0; from < change.terms.length; from += SLICE) {
    adding.take(change.terms.slice(from, from + SLICE))
    await new Promise((resolve) => void setImmediate(resolve))
  }
  const { data, ...added } = adding.finish()
  return ok({ data, added })
}

/** What was changed, by its name: never a term. */
function subjectOf(change: OwnChange): string {
  switch (change.kind) {
    case 'put-list':
      return change.list.id
    case 'put-pattern':
      return change.pattern.id
    case 'register-document':
      return change.meaning.id
    case 'add-terms':
    case 'remove-term':
    case 'remove-list':
    case 'remove-pattern':
    case 'remove-document':
      return change.id
  }
}

function isWritten(path: string, sealed: Uint8Array): boolean {
  try {
    writeWhole(path, sealed)
    return true
  } catch {
    // a full disk, a directory without the right to write: what was there is still there
    return false
  }
}

function viewOf(own: OwnTerms | null): ReturnType<OwnTermsAdmin['view']> {
  if (own === null) return null
  const { lists, patterns, documents } = own.data
  return {
    version: own.version,
    lists,
    // a pattern may hold what the company wants nobody to read
    patterns: patterns.map(({ source: _source, ...pattern }) => pattern),
    documents,
  }
}

/** Those of a file, and how to read them again. */
export function ownTermsOf(...of: Parameters<typeof readOwnTerms>) {
  const live: LiveOwnTerms = { current: readOwnTerms(...of) }
  const read = (): void => {
    live.current = readOwnTerms(...of)
  }
  return { live, read }
}
