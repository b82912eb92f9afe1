import { setTimeout as wait } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { freshDatabase } from '#store/postgres/server.fixture.ts'
import { deafen, KINDS, type Fleet } from './support/propagation.ts'
import { startReplicas } from './support/replicas.ts'

const skip = (await noServer()) ?? false

async function arrives(t: TestContext, fleet: Fleet, round: number): Promise<void> {
  for (const [name, kind] of Object.entries(KINDS)) {
    await t.test(name, async () => {
      const spread = await kind(fleet, round)
      await spread.make()
      for (const one of fleet.all) while (!(await spread.isInForce(one))) await wait(20)
      if (!spread.undo) return
      await spread.undo()
      for (const one of fleet.all) while (await spread.isInForce(one)) await wait(20)
    })
  }
}

test('what is changed at one gateway is in force at all, workers too', { skip }, async (t) => {
  const database = await freshDatabase()
  t.after(() => database.drop())
  const fleet = await startReplicas(t, database.url, 2, '--workers', '1')
  await arrives(t, fleet, 1)
  await t.test('and when no word of it comes through', async (lost) => {
    const hearAgain = await deafen(database.url)
    await arrives(lost, fleet, 2)
    await hearAgain()
  })
})
