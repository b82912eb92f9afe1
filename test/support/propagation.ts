import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { asked, type Replica } from './replicas.ts'
import type { Upstream } from './upstream.ts'

/** Gateways on one database, and what they send requests to. */
export interface Fleet {
  readonly all: readonly Replica[]
  readonly key: string
  readonly upstream: Upstream
}

/** One change that every gateway must hear of. */
export interface Spread {
  /** Makes it at the first gateway, or in each one's file. */
  readonly make: () => Promise<void>
  /** Whether it is in force at a gateway. */
  readonly isInForce: (one: Replica) => Promise<boolean>
  /** As it was before; null: it is for good. */
  readonly undo: (() => Promise<void>) | null
}

export type Kind = (fleet: Fleet, round: number) => Promise<Spread>

async function call(
  { all, key }: Fleet,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, string>> {
  const answer = await fetch(`${all[0]?.url}/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? {} : (JSON.parse(text) as Record<string, string>)
}

/** A key of this test, good at every gateway and remembered there. */
async function freshKey(fleet: Fleet, name: string): Promise<{ id: string; key: string }> {
  const made = await call(fleet, 'POST', '/keys', { name, scopes: ['inference'] })
  const [id = '', key = ''] = [made['id'], made['key']]
  for (const { url } of fleet.all) assert.equal((await asked(url, key)).status, 200)
  return { id, key }
}

const is =
  (status: number, key: string): Spread['isInForce'] =>
  async ({ url }) =>
    (await asked(url, key)).status === status

/** Everything that is said to reach all gateways within a second. */
export const KINDS: Readonly<Record<string, Kind>> = {
  async 'key revoked'(fleet, round) {
    const { id, key } = await freshKey(fleet, `revoked-${round}`)
    return {
      make: async () => void (await call(fleet, 'DELETE', `/keys/${id}`)),
      isInForce: is(401, key),
      undo: null,
    }
  },
  async 'key narrowed'(fleet, round) {
    const { id, key } = await freshKey(fleet, `narrowed-${round}`)
    return {
      make: async () =>
        void (await call(fleet, 'PUT', `/keys/${id}`, { restrictions: { models: ['own'] } })),
      isInForce: is(403, key),
      undo: null,
    }
  },
  async quota(fleet, round) {
    const { id, key } = await freshKey(fleet, `quota-${round}`)
    const row = { match: { key: [id] }, window: '1h', bytes: 1 }
    return {
      make: async () => void (await call(fleet, 'PUT', `/quotas/spread-${round}`, row)),
      isInForce: is(429, key),
      undo: async () => void (await call(fleet, 'DELETE', `/quotas/spread-${round}`)),
    }
  },
  async budget(fleet, round) {
    const { id, key } = await freshKey(fleet, `budget-${round}`)
    const row = { scope: 'key', match: id, unit: 'tokens', period: 'total', hard: 0 }
    return {
      make: async () => void (await call(fleet, 'PUT', `/budgets/spread-${round}`, row)),
      isInForce: is(402, key),
      undo: async () => void (await call(fleet, 'DELETE', `/budgets/spread-${round}`)),
    }
  },
  async policy(fleet, round) {
    const document = `rules:\n  - {id: none-${round}, match: {classes: [public]}, allow: {zones: []}}\n`
    const reason = 'a test'
    return {
      make: async () => void (await call(fleet, 'POST', '/policy/versions', { document, reason })),
      isInForce: is(403, fleet.key),
      undo: async () =>
        void (await call(fleet, 'POST', '/policy/rollback', { version: 'file', reason })),
    }
  },
  async destination(fleet) {
    const set = async (state: string): Promise<void> =>
      void (await call(fleet, 'PUT', '/destinations/cloud', { state }))
    return {
      make: () => set('disabled'),
      isInForce: async ({ url }) => (await asked(url, fleet.key)).status !== 200,
      undo: () => set('enabled'),
    }
  },
  async credential(fleet, round) {
    const value = `credential-${round}`
    return {
      make: async () => void (await call(fleet, 'PUT', '/credentials/cloud', { value })),
      async isInForce({ url }) {
        const text = `asked ${Math.random()}`
        await asked(url, fleet.key, 'm', text)
        const seen = fleet.upstream.seen.findLast(({ body }) => body.includes(text))
        return seen?.headers.authorization === `Bearer ${value}`
      },
      undo: async () => void (await call(fleet, 'DELETE', '/credentials/cloud')),
    }
  },
  async 'prices in the file'(fleet, round) {
    const input = 1 + round / 1000
    const files = fleet.all.map(({ env }) => join(String(env['ECLUSE_HOME']), 'ecluse.yaml'))
    const before = files.map((file) => readFileSync(file, 'utf8'))
    const price = `prices: {models: [{destination: cloud, model: m, input: ${input}, output: 2, source: "test, 2026-01-01"}]}\n`
    return {
      make: async () =>
        files.forEach((file, at) => writeFileSync(file, `${before[at] ?? ''}${price}`)),
      async isInForce({ url }) {
        const answer = await fetch(`${url}/api/prices?destination=cloud`, {
          headers: { authorization: `Bearer ${fleet.key}` },
        })
        const { prices } = (await answer.json()) as { prices: { price: { input: number } }[] }
        return prices[0]?.price.input === Math.round(input * 1_000_000)
      },
      undo: async () => files.forEach((file, at) => writeFileSync(file, before[at] ?? '')),
    }
  },
}

/** Cuts every connection that listens, as soon as it does: what is left is to look. Until it is stopped. */
export async function deafen(databaseUrl: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const over = new AbortController()
  const cutting = (async () => {
    while (!over.signal.aborted) {
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN ecluse_change'",
      )
      await wait(10)
    }
  })()
  return async () => {
    over.abort()
    await cutting
    await client.end()
  }
}
