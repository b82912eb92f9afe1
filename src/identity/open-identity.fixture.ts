import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { NO_RESTRICTIONS } from '#kernel/exchange.ts'
import { PERMISSIONS } from '#kernel/permission.ts'
import { err, ok } from '#kernel/result.ts'
import { openStore } from '#store/sqlite/open.ts'
import { asRootSecret } from './derive-key.ts'
import type { Actor } from './giving.ts'
import { createIdentity } from './identity.ts'
import type { NewKey } from './keys.ts'

/** Bytes that differ from draw to draw; tests need no entropy. */
export const randomBytes = (length: number): Uint8Array =>
  crypto.getRandomValues(new Uint8Array(length))

export const root = asRootSecret(new Uint8Array(32).fill(7))

/** A data directory of the test's own, with a database in it and a clock that stands still. */
export function home(t: TestContext) {
  const path = mkdtempSync(join(tmpdir(), 'ecluse-'))
  const opened = openStore({ path: join(path, 'ecluse.db') })
  assert.ok(opened.ok)
  const store = opened.value
  t.after(async () => {
    await store.close()
    rmSync(path, { recursive: true, force: true })
  })
  const time = { now: 1_700_000_000_000 }
  const clock = () => time.now
  const reads = { count: 0 }
  const keys = {
    ...store.keys,
    withOwner: (id: string) => {
      reads.count += 1
      return store.keys.withOwner(id)
    },
  }
  const noted: string[] = []
  const ledger = { isAway: false }
  const failEvidence = (): void => {
    ledger.isAway = true
  }
  const identity = createIdentity({
    stores: { ...store, keys },
    root,
    clock,
    randomBytes,
    evidence: async ({ keyId }, action, subject) => {
      if (ledger.isAway) return err({ code: 'ledger-unavailable' })
      noted.push(`${keyId} ${action} ${subject}`)
      return ok(undefined)
    },
  })
  return { path, store, time, clock, reads, noted, failEvidence, identity }
}

/** The owner of the machine. */
export const MACHINE: Actor = {
  tenant: 'default',
  keyId: 'local',
  permissions: PERMISSIONS,
  restrictions: NO_RESTRICTIONS,
  person: null,
}

/** A key that was made for the test. */
export async function newKey(
  { identity }: Pick<ReturnType<typeof home>, 'identity'>,
  over: Partial<NewKey> = {},
) {
  const made = await identity.keys.create(MACHINE, { name: 'laptop', ...over })
  assert.ok(made.ok)
  return made.value
}
