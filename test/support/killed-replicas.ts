import assert from 'node:assert/strict'
import { readFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { openPostgres } from '#store/postgres/open.ts'
import { isTrue, NOTHING_SPENT, spentInLedger } from './budget-ledger.ts'
import { testHome } from './gateway.ts'
import { keptIn } from './kept-records.ts'
import {
  budgetState,
  callersOf,
  KILLED_BUDGETS,
  killedConfig,
  startLateUpstreams,
  type KilledReport,
  type Told,
} from './killed.ts'
import { startReplica } from './replicas.ts'

/** What a killed gateway had taken for itself stays taken until it counts as gone: more room than one alone needs. */
const ROOM_PER_ROUND = 4_000
/** Shares of a process that fell silent are closed after 45 seconds; milliseconds. */
const LONGEST_SETTLING = 180_000

/**
 * Two gateways on one server under load: in turn one of them is killed without warning and started again, while the other
 * goes on. In the end the accounts must say exactly what the ledger says, and everybody who was told of a decision must
 * find it there.
 */
export async function killReplicasAgainAndAgain(
  t: TestContext,
  databaseUrl: string,
  rounds: number,
  workers: number,
): Promise<KilledReport> {
  const upstreams = await startLateUpstreams(t)
  const homes = [testHome(t), testHome(t)]
  const configure = (round: number): void => {
    for (const home of homes)
      writeFileSync(
        join(home, 'ecluse.yaml'),
        killedConfig(upstreams, (round + 1) * ROOM_PER_ROUND),
      )
  }
  const start = (home: string) =>
    startReplica(
      t,
      {
        ECLUSE_HOME: home,
        CLOUD_KEY: 'test-cloud-key',
        ECLUSE_DATABASE_URL: databaseUrl,
        ECLUSE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url'),
      },
      '--workers',
      String(workers),
    )
  configure(0)
  const replicas = await Promise.all(homes.map(start))
  const keyFile = replicas.map(({ adminKeyFile }) => adminKeyFile).find((file) => existsSync(file))
  const key = readFileSync(keyFile ?? '', 'utf8').trim()
  const told: Told = { acknowledged: new Set(), refused: 0 }
  for (let round = 0; round < rounds; round += 1) {
    configure(round)
    const callers = replicas.map(({ url }) => callersOf({ url, key }, 10, told))
    await Promise.all(callers.map(({ answered }) => answered))
    await wait((round % 7) * 40 + workers * 100)
    const place = round % replicas.length
    const { program } = replicas[place] ?? {}
    assert.ok(program)
    program.child.kill('SIGKILL')
    await program.ended
    await Promise.all(callers.map((some) => some.stop()))
    replicas[place] = await start(homes[place] ?? '')
  }
  const opened = await openPostgres({ url: databaseUrl, readOnly: true })
  assert.ok(opened.ok)
  const { value: store } = opened
  const { ledger } = store
  const settled = await exactly(replicas[0]?.url ?? '', key, ledger)
  for (const { program } of replicas) {
    program.child.kill('SIGTERM')
    await program.ended
  }
  const kept = await keptIn(ledger, told.acknowledged)
  await store.close()
  const [spent, hard] = [settled, rounds * ROOM_PER_ROUND]
  assert.ok(spent <= hard, `${spent} of ${hard}`)
  assert.ok(upstreams.earned() <= spent, 'what left is counted')
  return { rounds, sent: upstreams.asked(), spent, hard, refused: told.refused, ...kept }
}

/** What was spent, when the accounts say what the ledger says and hold nothing. @throws when they never do */
async function exactly(
  url: string,
  key: string,
  ledger: Parameters<typeof spentInLedger>[0],
): Promise<number> {
  for (let waited = 0; ; waited += 1000) {
    const said = await spentInLedger(ledger)
    const states = await Promise.all(
      KILLED_BUDGETS.map(async (id) => ({
        account: await budgetState(url, key, id),
        said: said.get(id) ?? NOTHING_SPENT,
      })),
    )
    const isExact = states.every((one) => isTrue(one.account, one.said))
    if (isExact) return states[0]?.account.spent ?? 0
    if (waited >= LONGEST_SETTLING) assert.fail(JSON.stringify(states))
    await wait(1000)
  }
}
