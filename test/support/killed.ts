import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { openStore } from '#store/sqlite/open.ts'
import { isTrue, NOTHING_SPENT, spentInLedger, type LedgerSpent } from './budget-ledger.ts'
import { childrenOf, gone } from './children.ts'
import { ask, chat, testHome } from './gateway.ts'
import { keptIn, type KeptReport } from './kept-records.ts'
import { startProgram } from './process.ts'
import { answerOk, startUpstream, type Seen, type Upstream } from './upstream.ts'

/** What one answer of the scripted upstreams costs at the prices below: 7 tokens in, 4 out. */
const COST = { cloud: 15, dear: 45 }
/** The budget has room for so much more in every round, so that in each there is a last cent to race for. */
const ROOM_PER_ROUND = 1_200

/** Budgets of which every request is part. */
export const KILLED_BUDGETS = ['all', 'tokens', 'watched'] as const

/**
 * Everything costs money at places that are not ours; the budget has room for so many millionths. The second place is
 * dearer, so that who goes on to it holds more than was decided; one budget has no limit, and is exact all the same.
 */
export const killedConfig = ({ cloud, dear }: Upstreams, hard: number): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: cloud, dialect: openai, url: "${cloud.url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: cloud-1}]}
  - {id: dear, dialect: openai, url: "${dear.url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: dear-1}]}
prices:
  models:
    - {destination: cloud, model: m, input: 1, output: 2, source: "test, 2026-01-01"}
    - {destination: dear, model: m, input: 3, output: 6, source: "test, 2026-01-01"}
budgets:
  - {id: all, period: total, hard: ${(hard / 1e6).toFixed(6)}, soft_percent: 50}
  - {id: tokens, scope: model, match: m, unit: tokens, period: total, hard: 100000000}
  - {id: watched, period: total, soft: 1000}
`

export interface KilledReport extends KeptReport {
  readonly rounds: number
  /** Requests that reached a destination. */
  readonly sent: number
  readonly spent: number
  readonly hard: number
  /** Requests that were refused because the budget was used up. */
  readonly refused: number
}

/** Two places that the gateway sends requests to. */
export interface Upstreams {
  readonly cloud: Upstream
  readonly dear: Upstream
  /** How much they have earned with good answers. */
  readonly earned: () => number
  /** How often they were asked. */
  readonly asked: () => number
}

/** Some answers come at once, some are still on their way when the process dies, and some of the first place's break off. */
export async function startLateUpstreams(t: TestContext): Promise<Upstreams> {
  let calls = 0
  let broken = 0
  const late = (response: ServerResponse, seen: Seen): void => {
    calls += 1
    void wait(calls % 3 === 0 ? 60 : 0).then(() => answerLate(response, seen))
  }
  const dear = await startUpstream(t, late)
  const cloud = await startUpstream(t, (response, seen) => {
    // the very first too, while the budget has room for a further attempt at the dearer place
    if (cloud.seen.length % 4 !== 1) return late(response, seen)
    broken += 1
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": "chat')
  })
  return {
    cloud,
    dear,
    earned: () => (cloud.seen.length - broken) * COST.cloud + dear.seen.length * COST.dear,
    asked: () => cloud.seen.length + dear.seen.length,
  }
}

const answerLate = (response: ServerResponse, seen: Seen): void => {
  if (!response.destroyed) answerOk(response, seen)
}

/** What callers were told. */
export interface Told {
  readonly acknowledged: Set<string>
  refused: number
}

/** Callers who ask until they are told to stop, or nobody answers. */
export function callersOf(gateway: { url: string; key: string }, count: number, told: Told) {
  const over = new AbortController()
  const answered = Promise.withResolvers<void>()
  const refused = Promise.withResolvers<void>()
  const retried = Promise.withResolvers<void>()
  const callers = Array.from({ length: count }, async () => {
    while (!over.signal.aborted) {
      const answer = await chat(gateway, { body: ask('hello', { max_tokens: 4 }) }).catch(
        () => null,
      )
      if (answer === null) return
      const decision = answer.headers.get('x-ecluse-decision')?.split(';')[0]
      answered.resolve()
      if (answer.status === 200 && Number(answer.headers.get('x-ecluse-attempts')) > 1)
        retried.resolve()
      if (answer.status === 402) {
        told.refused += 1
        refused.resolve()
      }
      if (answer.status === 200 && decision) told.acknowledged.add(decision)
      await answer.body?.cancel().catch(() => {})
    }
  })
  return {
    /** Somebody has got an answer. */
    answered: answered.promise,
    /** Somebody has got an answer of a further attempt. */
    retried: retried.promise,
    /** Somebody was told that the budget is used up. */
    refused: refused.promise,
    async stop(): Promise<void> {
      over.abort()
      await Promise.all(callers)
    },
  }
}

/**
 * Kills the gateway and its workers without warning in the middle of requests, again and again. After every start the
 * accounts must say exactly what the ledger says, never less than what left, and never more than the limit.
 */
export async function killAgainAndAgain(
  t: TestContext,
  rounds: number,
  workers: number,
): Promise<KilledReport> {
  const upstreams = await startLateUpstreams(t)
  const home = testHome(t)
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const told: Told = { acknowledged: new Set(), refused: 0 }
  let spent = 0
  for (let round = 0; round <= rounds; round += 1) {
    const hard = (round + 1) * ROOM_PER_ROUND
    writeFileSync(join(home, 'ecluse.yaml'), killedConfig(upstreams, hard))
    const expected =
      round === 0
        ? new Map<string, LedgerSpent>()
        : await inHome(home, ({ ledger }) => spentInLedger(ledger))
    const args = ['serve', '--workers', String(workers), '--listen', '127.0.0.1:0', '--json']
    const program = startProgram(t, args, env)
    const [line] = await program.until(/^\{"url".*\}$/m)
    const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
    const key = readFileSync(adminKeyFile, 'utf8').trim()
    for (const id of KILLED_BUDGETS) {
      const state = await budgetState(url, key, id)
      const said = expected.get(id) ?? NOTHING_SPENT
      assert.ok(isTrue(state, said), `${id}, round ${round}: ${JSON.stringify([state, said])}`)
      if (id === 'all') ({ spent } = state)
    }
    assert.ok(spent <= hard - ROOM_PER_ROUND, `${spent} in round ${round}`)
    assert.ok(upstreams.earned() <= spent, 'what left is counted')
    // the last start is there to look at what the round before left behind
    if (round === rounds) {
      program.child.kill('SIGTERM')
      await program.ended
      break
    }
    // what a further attempt holds on top is learnt from a request that had one and ended: there is room for it first
    const callers = callersOf({ url, key }, round === 0 ? 3 : 20, told)
    if (round === 0) await Promise.race([callers.retried, callers.refused])
    await (round % 4 === 3 ? callers.refused : callers.answered)
    await wait((round === 0 ? 150 : 0) + (round % 7) * 40 + workers * 100)
    const started = childrenOf(program.child.pid ?? 0)
    program.child.kill('SIGKILL')
    await program.ended
    await callers.stop()
    // the workers end when they find themselves alone, and write until then
    await gone(started)
  }
  const kept = await inHome(home, ({ ledger }) => keptIn(ledger, told.acknowledged))
  const { refused } = told
  const hard = rounds * ROOM_PER_ROUND
  return { rounds, sent: upstreams.asked(), spent, hard, refused, ...kept }
}

type OpenedStore = Extract<ReturnType<typeof openStore>, { ok: true }>['value']

/** Reads a data directory that nobody holds. */
async function inHome<T>(home: string, read: (store: OpenedStore) => Promise<T>): Promise<T> {
  const opened = openStore({ path: join(home, 'ecluse.db'), readOnly: true })
  assert.ok(opened.ok)
  try {
    return await read(opened.value)
  } finally {
    await opened.value.close()
  }
}

/** What the gateway says of a budget. */
export async function budgetState(
  url: string,
  key: string,
  id: string,
): Promise<{ spent: number; held: number }> {
  const answer = await fetch(`${url}/api/budgets/${id}`, {
    headers: { authorization: `Bearer ${key}` },
  })
  assert.equal(answer.status, 200)
  return (await answer.json()) as { spent: number; held: number } // checked by who asks
}
