// `node bench/propagation.ts [ROUNDS]`: how long a change takes to be in force at three gateways on one PostgreSQL server, for
// every kind of change: told by NOTIFY, and with every connection that listens cut, so that only looking is left.
import type { TestContext } from 'node:test'
import { startServer } from '#store/postgres/server.fixture.ts'
import { deafen, KINDS, type Fleet } from '../test/support/propagation.ts'
import { startReplicas } from '../test/support/replicas.ts'

const rounds = Number(process.argv[2] ?? 20)
const undo: (() => unknown)[] = []
/** What the helpers of tests need of one. */
const t = { after: (run: () => unknown) => void undo.push(run) } as unknown as TestContext

const server = await startServer()
const { url: databaseUrl } = await server.fresh()
const fleet = await startReplicas(t, databaseUrl, 3)
let round = 0
await measure('told')
const hearAgain = await deafen(databaseUrl)
await measure('not told')
await hearAgain()
for (const run of undo.toReversed()) await run()
await server.stop()

async function measure(how: string): Promise<void> {
  for (const [name, kind] of Object.entries(KINDS)) {
    const took: number[] = []
    for (let at = 0; at < rounds; at += 1) {
      round += 1
      took.push(...(await timesOf(fleet, await kind(fleet, round))))
    }
    took.sort((a, b) => a - b)
    const share = (part: number): string =>
      String(Math.round(took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0))
    const [middle, most] = [share(0.5), share(0.99)].map((text) => text.padStart(5))
    console.log(
      `${how.padEnd(9)} ${name.padEnd(19)} p50 ${middle}  p99 ${most}  max ${share(1)} ms`,
    )
  }
}

/** Milliseconds from the answer to who made the change until it is in force, at each of the others. */
async function timesOf({ all }: Fleet, spread: Awaited<ReturnType<(typeof KINDS)[string]>>) {
  await spread.make()
  const made = performance.now()
  const took = await Promise.all(
    all.slice(1).map(async (one) => {
      while (!(await spread.isInForce(one)));
      return performance.now() - made
    }),
  )
  if (!spread.undo) return took
  await spread.undo()
  for (const one of all) while (await spread.isInForce(one));
  return took
}
