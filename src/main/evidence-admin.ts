import { eraseOwner } from '#ledger/content/erase.ts'
import type { Vault } from '#ledger/content/vault.ts'
import { proveRecords } from '#ledger/evidence/prove.ts'
import { rotateKey } from '#ledger/evidence/signing-keys.ts'
import { hex } from '#ledger/hash.ts'
import type { AnswerCache } from '#caches/answer-cache.ts'
import { err, ok } from '#kernel/result.ts'
import type { EvidenceAdmin } from '#gateway/admin-ports.ts'
import { TENANT, type Core } from './core.ts'

/** What administrators and auditors do with the evidence. */
export const evidenceAdmin = (
  core: Core,
  vault: Vault,
  digestOf: (person: string) => string,
  cache: Pick<AnswerCache, 'clear'>,
): EvidenceAdmin => ({
  async checkpoints(from, limit) {
    const rows: { body: string; signature: string }[] = []
    for await (const { body, signature } of core.store.evidence.checkpoints(from)) {
      rows.push({ body, signature: hex(signature) })
      if (rows.length >= limit) break
    }
    return rows
  },
  async keys() {
    const keys = await core.store.evidence.keys()
    return keys.map(({ generation, key, signature }) => ({
      generation,
      key: hex(key),
      signature: signature && hex(signature),
    }))
  },
  async prove(id, tenant) {
    await core.ledger.flush()
    const proofs = await proveRecords(core.store.ledger, core.store.evidence, id)
    return proofs.filter(({ header }) => header['tenant'] === tenant)
  },
  async rotate(actor) {
    const rotated = await core.store.alone('checkpoint', () =>
      rotateKey(core.store.evidence, core.evidenceKeys.seedOf),
    )
    if (!rotated) return err({ code: 'conflict' })
    const { generation, key } = rotated.key
    const told = core.ledger.append(
      { type: 'signing-key', v: 1, generation, key: hex(key), previous: rotated.previous, actor },
      { tenant: TENANT },
    )
    return told.ok ? ok({ generation, key: hex(key) }) : told
  },
  async erase({ scope, subject, events, actor, tenant }) {
    await core.ledger.flush()
    const parts = { ...core.store, record: core.ledger, clock: core.clock }
    const named = scope === 'subject' ? digestOf(subject) : subject
    const erased = await eraseOwner(parts, { tenant, scope, subject: named, actor, events })
    if (!erased.ok) return erased
    const who = scope === 'key' ? { owner: `key:${named}` } : { subject: `subject:${named}` }
    const answers = await cache.clear({ tenant, ...who })
    return ok({ ...erased.value, texts: erased.value.texts + answers })
  },
  async content(id, actor, tenant) {
    const told = core.ledger.append(
      { type: 'admin', v: 1, actor, action: 'content-read', subject: id },
      { tenant },
    )
    if (!told.ok) return told
    // nobody reads a text without a record of it
    const durable = await told.value.durable
    if (!durable.ok) return durable
    const bytes = await vault.read(tenant, id)
    return bytes
      ? ok(JSON.parse(Buffer.from(bytes).toString('utf8')) as readonly string[])
      : err({ code: 'not-found' })
  },
  rollups: (query) => core.store.index.rollups(query),
  tops: (query, limit) => core.store.index.tops(query, limit),
})
