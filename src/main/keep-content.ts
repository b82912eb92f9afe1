import { randomBytes } from 'node:crypto'
import type { Config, ContentSettings } from '#config/types.ts'
import { classRank, type Label } from '#kernel/label.ts'
import { createVault, VAULT, type ContentOwner, type Vault } from '#ledger/content/vault.ts'
import type { Kept } from '#pipeline/ports.ts'
import { createGate, type Gate, type MayKeep } from '#policy/gate.ts'
import { mayCache } from './answer-cache.ts'
import { policyFor } from '#policy/in-force.ts'
import type { CatalogueKeeper } from './catalogue-keeper.ts'
import type { Core } from './core.ts'
import type { Log } from './log.ts'

/** Whether the configuration permits to keep a text of this label; what could not be read is never kept. */
export const mayKeep = ({ keep, upTo }: ContentSettings, label: Label): boolean =>
  keep === 'requests' && !label.undetermined && classRank(label.class) <= classRank(upTo)

/** Whose key a text is sealed under. */
export const ownerOf = (
  { per }: ContentSettings,
  { keyId, person }: { readonly keyId: string; readonly person: string | null },
  digestOf: (person: string) => string,
): string => (per === 'subject' && person !== null ? `subject:${digestOf(person)}` : `key:${keyId}`)

/** Every place where texts are kept says for itself what it takes. */
export const keepingBy = (config: () => Pick<Config, 'content' | 'cache'>): MayKeep => {
  const inCache = mayCache(() => config().cache)
  return (label, place, duties) =>
    place.destination === VAULT.destination
      ? mayKeep(config().content, label)
      : inCache(label, place, duties)
}

/** Texts on their way to the process that keeps them: what is to be sealed, and whose it is. */
export interface PackedText extends ContentOwner {
  readonly bytes: Uint8Array
}

/** Lets texts out to where they are kept: through the gate, like anything else that leaves. */
export const keepThrough =
  (
    gate: Pick<Gate, 'keep'>,
    config: () => Pick<Config, 'content'>,
    clock: () => number,
    digestOf: (person: string) => string,
    keep: (packed: PackedText) => void,
  ) =>
  ({ exchange, verdict, decision, parts }: Kept): void => {
    const { content } = config()
    if (!mayKeep(content, verdict.label)) return
    const body = {
      contentType: 'application/json',
      bytes: Buffer.from(JSON.stringify(parts.map(({ text }) => text))),
    }
    const passage = gate.keep(verdict, VAULT, body, clock())
    if (!passage.ok) return
    const opened = passage.value.open({ ...VAULT, now: clock() })
    if (!opened.ok) return
    const { tenant } = exchange.caller
    const owner = ownerOf(content, exchange.caller, digestOf)
    keep({ tenant, owner, decision, bytes: opened.value.bytes })
  }

export interface Keeping {
  readonly gate: Gate
  readonly vault: Vault
  readonly keep: (kept: Kept) => void
  /** What another process of this gateway let out. */
  readonly keepText: (packed: PackedText) => void
}

/** The gate, and the vault behind it. */
export function openKeeping(
  { store, evidenceKeys, clock }: Core,
  keeper: Pick<CatalogueKeeper, 'policy' | 'policies' | 'catalogue'>,
  config: () => Pick<Config, 'content' | 'cache'>,
  log: Log,
): Keeping {
  const vault = createVault({
    store: store.content,
    wrappingKey: evidenceKeys.content,
    clock,
    randomBytes: (length) => randomBytes(length),
  })
  const gate = createGate(keeper.policy, keeper.catalogue, keepingBy(config), (facts) =>
    policyFor(keeper.policies.current(), facts),
  )
  const keepText = ({ bytes, ...of }: PackedText): void => {
    vault.keep(bytes, of).then(
      (kept) => {
        if (!kept.ok) log('warn', { msg: 'content-not-kept', code: kept.error.code })
      },
      () => log('error', { msg: 'content-not-kept', code: 'internal-error' }),
    )
  }
  const keep = keepThrough(gate, config, clock, evidenceKeys.subjectDigest, keepText)
  return { gate, vault, keep, keepText }
}
