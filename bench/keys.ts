// `node bench/keys.ts [COUNT]`: authentication and lists of an organisation with many keys, beside one with few.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { newKeyText } from '../src/identity/api-key-text.ts'
import { asRootSecret, digestKey, keyedDigest } from '../src/identity/derive-key.ts'
import { createIdentity } from '../src/identity/identity.ts'
import { openStore } from '../src/store/sqlite/open.ts'

const COUNT = Number(process.argv[2] ?? 1_000_000)
const FEW = 1000
/** Keys whose full text is kept, to authenticate with; the others differ in nothing but that. */
const KNOWN = 20_000
const ROUNDS = 5000
const root = asRootSecret(new Uint8Array(32).fill(7))
const hmacKey = digestKey(root, 'api-keys')
const bytes = (length: number): Uint8Array => randomBytes(length)

const INSERT = `INSERT INTO api_key (id, tenant, name, scopes, digest, created_at, created_by, expires_at,
  revoked_at, person, application) VALUES (?, 'default', 'bench', 'inference', ?, ?, 'local', ?, ?, ?, ?)`

/** A database with this many keys, and the texts of some of them. */
function filled(path: string, count: number): readonly string[] {
  const opened = openStore({ path })
  assert.ok(opened.ok)
  void opened.value.close()
  const database = new DatabaseSync(path)
  database.exec(`INSERT INTO application (tenant, id, name, roles, created_at, created_by)
    VALUES ('default', 'app', 'app', '', 0, 'local')`)
  const insert = database.prepare(INSERT)
  const texts: string[] = []
  const step = Math.max(1, Math.floor(count / KNOWN))
  database.exec('BEGIN')
  for (let i = 0; i < count; i += 1) {
    const { id, key } = newKeyText(bytes)
    const isKnown = i % step === 0
    if (isKnown) texts.push(key)
    const digest = isKnown ? keyedDigest(hmacKey, key) : bytes(32)
    // one in ten has ended, in each of the two ways
    const expiresAt = i % 10 === 3 ? 1 : null
    const revokedAt = i % 10 === 7 ? 1 : null
    const application = i % 1000 === 0 ? 'app' : null
    insert.run(
      id,
      digest,
      i,
      isKnown ? null : expiresAt,
      isKnown ? null : revokedAt,
      null,
      application,
    )
  }
  database.exec('COMMIT')
  database.close()
  return texts
}

/** Processor time of one call, microseconds: the middle of several series. */
async function costOf(calls: number, work: (i: number) => Promise<unknown>): Promise<number> {
  const series: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage()
    for (let i = 0; i < calls; i += 1) await work(round * calls + i)
    const { user, system } = process.cpuUsage(before)
    series.push((user + system) / calls)
  }
  return series.toSorted((a, b) => a - b)[2] ?? 0
}

async function measure(count: number): Promise<Readonly<Record<string, number>>> {
  const directory = mkdtempSync(join(tmpdir(), 'ecl-keys-'))
  try {
    const path = join(directory, 'ecluse.db')
    const texts = filled(path, count)
    const opened = openStore({ path })
    assert.ok(opened.ok)
    const store = opened.value
    const clock = Date.now
    const identity = createIdentity({ stores: store, root, clock, randomBytes: bytes })
    const cold = async (i: number): Promise<void> => {
      identity.forget(null)
      const caller = await identity.authenticate(texts[(i * 7919) % texts.length], '127.0.0.1')
      assert.ok(caller.ok)
    }
    const warm = async (): Promise<unknown> => identity.authenticate(texts[0], '127.0.0.1')
    const list = (over: object) => () =>
      store.keys.list({ tenant: 'default', now: clock(), limit: 100, ...over })
    const middle = texts[Math.floor(texts.length / 2)]?.slice(4, 12) ?? ''
    const figures = {
      'authentication, remembered': await costOf(ROUNDS * 4, warm),
      'authentication, looked up': await costOf(ROUNDS / 5, cold),
      'unknown key': await costOf(ROUNDS / 5, async () =>
        identity.authenticate(newKeyText(bytes).key, '127.0.0.1'),
      ),
      'list, first page': await costOf(200, list({})),
      'list, from the middle': await costOf(200, list({ after: middle })),
      'list, usable': await costOf(200, list({ state: 'usable' })),
      'list, expired': await costOf(200, list({ state: 'expired' })),
      'list, revoked': await costOf(200, list({ state: 'revoked' })),
      'list, of an application': await costOf(200, list({ application: 'app' })),
      'count of owners': await costOf(200, () => store.keys.countOwners('default', clock())),
    }
    await store.close()
    return figures
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const few = await measure(FEW)
const many = await measure(COUNT)
console.log(`processor time per call, microseconds, with ${FEW} keys and with ${COUNT}`)
for (const [what, cost] of Object.entries(many)) {
  const base = few[what] ?? 0
  const ratio = base > 0 ? (cost / base).toFixed(2) : '-'
  console.log(
    `${what.padEnd(30)}${base.toFixed(1).padStart(10)}${cost.toFixed(1).padStart(10)}  x ${ratio}`,
  )
}
