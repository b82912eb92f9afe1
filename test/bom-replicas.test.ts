import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { z } from 'zod'
import { noServer } from '#store/postgres/server-binaries.fixture.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import { startReplicas } from './support/replicas.ts'

const skip = (await noServer()) ?? false

const Bills = z.object({
  bills: z.array(z.looseObject({ id: z.string(), digest: z.string(), state: z.string() })),
})

test(
  'gateways on one database share one history of bills: equal ones keep one, and what was forged is told by each',
  { skip },
  async (t) => {
    const server = await startServer()
    t.after(() => server.stop())
    const { url: databaseUrl } = await server.fresh()
    const { first, others, key } = await startReplicas(t, databaseUrl, 2)
    const [second] = others
    assert.ok(second)
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const bills = async (url: string) => {
      const answer = await fetch(`${url}/api/bom/history`, { headers })
      return Bills.parse(await answer.json()).bills
    }
    const until = async (url: string, count: number) => {
      for (let tries = 0; ; tries += 1) {
        const found = await bills(url)
        if (found.length >= count) return found
        assert.ok(tries < 300, `${found.length} bills`)
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
    await until(first.url, 1)
    // both have had their time to look
    await new Promise((resolve) => setTimeout(resolve, 12_000))
    assert.equal((await bills(second.url)).length, 1)
    const disabled = await fetch(`${first.url}/api/destinations/cloud`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ state: 'disabled' }),
    })
    assert.ok(disabled.ok)
    const both = await until(second.url, 2)
    assert.equal(new Set(both.map(({ digest }) => digest)).size, 2)
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query('UPDATE bill SET bytes = $1 WHERE digest = $2', [
      Buffer.from([3, 0]),
      both.at(-1)?.digest,
    ])
    await client.end()
    for (const url of [first.url, second.url])
      assert.equal((await bills(url)).at(-1)?.state, 'altered')
  },
)
