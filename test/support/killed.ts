import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { spentInHome } from './budget-ledger.ts'
import { ask, chat, testHome } from './gateway.ts'
import { startProgram } from './process.ts'
import { answerOk, startUpstream, type Seen } from './upstream.ts'

/** What one answer of the scripted upstream costs at the prices below: 7 tokens in, 4 out. */
const COST = 15
export const HARD = 6_000

const yaml = (url: string): string => `
discover: false
engine: {enabled: false}
destinations:
  - {id: cloud, dialect: openai, url: "${url}", key: "\${env:CLOUD_KEY}", zone: managed, jurisdiction: FR,
     clearance: {class: internal}, models: [{name: m, upstream: cloud-1}]}
prices: {models: [{destination: cloud, model: m, input: 1, output: 2, source: "test, 2026-01-01"}]}
budgets:
  - {id: all, period: total, hard: 0.006, soft_percent: 50}
  - {id: tokens, scope: model, match: m, unit: tokens, period: total, hard: 100000000}
`

export interface KilledReport {
  readonly rounds: number
  /** Requests that reached the destination. */
  readonly sent: number
  readonly spent: number
  /** Requests that were refused because the budget was used up. */
  readonly refused: number
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
  // some answers come at once, some are still on their way when the process dies
  let calls = 0
  const upstream = await startUpstream(t, (response, seen) => {
    calls += 1
    void wait(calls % 3 === 0 ? 60 : 0).then(() => answerLate(response, seen))
  })
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), yaml(upstream.url))
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  let refused = 0
  let spent = 0
  for (let round = 0; round < rounds; round += 1) {
    const expected = round === 0 ? new Map<string, number>() : await spentInHome(home)
    const args = ['serve', '--workers', String(workers), '--listen', '127.0.0.1:0', '--json']
    const program = startProgram(t, args, env)
    const [line] = await program.until(/^\{"url".*\}$/m)
    const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
    const key = readFileSync(adminKeyFile, 'utf8').trim()
    for (const id of ['all', 'tokens']) {
      const state = await stateOf(url, key, id)
      assert.deepEqual(
        [state.spent, state.held],
        [expected.get(id) ?? 0, 0],
        `${id}, round ${round}`,
      )
    }
    spent = expected.get('all') ?? 0
    assert.ok(spent <= HARD, `${spent} of ${HARD}`)
    assert.ok(upstream.seen.length * COST <= spent, 'what left is counted')
    const isOver = { now: false }
    const callers = Array.from({ length: 20 }, async () => {
      while (!isOver.now) {
        const answer = await chat({ url, key }, { body: ask('hello', { max_tokens: 4 }) }).catch(
          () => null,
        )
        if (answer === null) return
        if (answer.status === 402) refused += 1
        await answer.body?.cancel().catch(() => {})
      }
    })
    await wait(100 + (round % 7) * 40 + workers * 400)
    program.child.kill('SIGKILL')
    await program.ended
    isOver.now = true
    await Promise.all(callers)
    // the workers end when they find themselves alone
    await wait(200)
  }
  return { rounds, sent: upstream.seen.length, spent, refused }
}

const answerLate = (response: ServerResponse, seen: Seen): void => {
  if (!response.destroyed) answerOk(response, seen)
}

async function stateOf(
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
