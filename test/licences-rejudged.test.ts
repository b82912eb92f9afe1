import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { z } from 'zod'
import { readEvent } from '../src/ledger/read-event.ts'
import { gguf, textValue } from '../src/models/gguf/gguf.fixture.ts'
import { findModel } from '../src/models/store/find-model.ts'
import { pullSet } from '../src/models/getting/pull-set.ts'
import { machinePorts } from '../src/models/pull/pull-ports.ts'
import { storePaths } from '../src/models/store/store-layout.ts'
import { openStore } from '../src/store/sqlite/open.ts'
import { reloadableGateway, type ReloadableGateway } from './support/reloadable.ts'

const BASE = 'discover: false\nengine: {model: tuned}\n'
const COMPANY = (users: number): string =>
  `${BASE}company: {country: FR, monthly_users: ${users}, use: external, distributes: true, offers_models: false, trains_on_outputs: false, public_body: false, annual_revenue_usd: 1000000, monthly_revenue_usd: 90000}\n`

/** Puts a folder with one set of weights and more files into the store, as `pull folder:` does. */
async function pullFolder(
  home: string,
  name: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
  const folder = join(home, `from-${name}`)
  await mkdir(folder)
  for (const [path, bytes] of Object.entries(files)) await writeFile(join(folder, path), bytes)
  const pulled = await pullSet(
    {
      dir: join(home, 'models'),
      reference: `folder:${folder}`,
      name,
      hub: 'http://127.0.0.1:9',
      hubToken: null,
      ollamaRegistry: 'http://127.0.0.1:9',
      ollamaStore: home,
      registryLogins: [],
    },
    machinePorts(Date.now, randomUUID, {}),
    () => undefined,
    new AbortController().signal,
  )
  assert.ok(pulled.ok, JSON.stringify(pulled))
}

const weights = (licence: string, base?: string): Buffer =>
  gguf(
    [
      ['general.architecture', textValue('llama')],
      ['general.license', textValue(licence)],
      ...(base === undefined
        ? []
        : [
            ['general.base_model.0.repo_url', textValue(`https://huggingface.co/${base}`)] as const,
          ]),
    ],
    [],
  )

const Model = z.looseObject({
  stopped: z.string().nullable(),
  licence: z.object({ id: z.string().nullable(), verdict: z.string() }).nullable(),
  record: z.looseObject({
    licence: z.looseObject({
      conditions: z.array(z.string()),
      inheritedFrom: z.string().nullable(),
    }),
  }),
})

async function shown(gateway: ReloadableGateway, path: string): Promise<unknown> {
  const answer = await fetch(`${gateway.url}/api/models/${path}`, {
    headers: { authorization: `Bearer ${gateway.key}` },
  })
  return answer.json()
}

/** Asks for a model until its verdict is as wanted; seconds, not minutes. */
async function judged(gateway: ReloadableGateway, name: string, verdict: string) {
  for (let tries = 0; ; tries += 1) {
    const read = Model.safeParse(await shown(gateway, name))
    if (read.success && read.data.licence?.verdict === verdict) return read.data
    assert.ok(tries < 200, JSON.stringify(read.data?.licence ?? read.error))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const statusOf = async (gateway: ReloadableGateway, model: string): Promise<string> => {
  const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Say hello.' }] }),
  })
  const { error } = z
    .looseObject({ error: z.looseObject({ message: z.string() }).optional() })
    .parse(await answer.json())
  return `${answer.headers.get('x-ecluse-error') ?? ''} ${error?.message ?? ''}`
}

const tasksOf = async (gateway: ReloadableGateway, model: string) =>
  z
    .object({ tasks: z.array(z.looseObject({ what: z.string(), kind: z.string() })) })
    .parse(await shown(gateway, `tasks?model=${model}`))
    .tasks.map(({ what, kind }) => `${what} ${kind}`)

/** What the ledger of a gateway was told of licences. */
const judgements = async (home: string, model: string): Promise<readonly string[]> =>
  (await admissionsOf(home))
    .filter((event) => event.decision === 'licence-judged' && event.model === model)
    .map(({ reasons }) => reasons.join(' '))

async function admissionsOf(home: string) {
  const opened = openStore({ path: join(home, 'ecluse.db'), readOnly: true })
  assert.ok(opened.ok)
  const told = []
  for await (const { record } of opened.value.ledger.walk('gateway', 1)) {
    const event = readEvent(record?.payload ?? null)
    if (event?.type === 'model-admission') told.push(event)
  }
  await opened.value.close()
  return told
}

/** A gateway with a model of Llama 3.1, an adapter made from one, and one with a licence text. */
async function opened(t: TestContext): Promise<ReloadableGateway> {
  const gateway = await reloadableGateway(t, BASE, { follows: true })
  const { home } = gateway
  const text = await readFile(new URL('../LICENSE', import.meta.url), 'utf8')
  await pullFolder(home, 'llama', { 'w.gguf': weights('llama3.1') })
  await pullFolder(home, 'tuned', {
    'w.gguf': weights('apache-2.0', 'meta-llama/Llama-3.1-8B-Instruct'),
  })
  await pullFolder(home, 'odd', { 'w.gguf': weights('apache-2.0', 'nobody/knows') })
  await pullFolder(home, 'texted', { 'w.gguf': weights('apache-2.0'), LICENSE: text })
  return gateway
}

test('another profile of the company under a running gateway judges every licence again, stops what it forbids, and lets it serve again', async (t) => {
  const gateway = await opened(t)
  // nothing is known of the company: a lawyer is asked, and nothing is stopped
  await judged(gateway, 'tuned', 'needs-legal')
  gateway.write(COMPANY(1000))
  const allowed = await judged(gateway, 'tuned', 'allow-with-duties')
  assert.equal(allowed.stopped, null)
  assert.equal(allowed.record.licence.inheritedFrom, 'meta-llama/Llama-3.1-8B-Instruct')
  assert.ok((await tasksOf(gateway, 'tuned')).includes('duty naming'))
  // what it was made from is in no catalogue: unknown is never harmless
  assert.ok(
    (await judged(gateway, 'odd', 'needs-legal')).record.licence.conditions.includes(
      'licence-unknown',
    ),
  )
  assert.deepEqual((await tasksOf(gateway, 'odd')).slice(0, 1), ['clear licence'])
  const nobody = z.looseObject({ error: z.looseObject({ code: z.string(), param: z.string() }) })
  const { error } = nobody.parse(await shown(gateway, 'tasks?model=none'))
  assert.deepEqual([error.code, error.param], ['not-found', 'model'])
  gateway.write(COMPANY(800_000_000))
  for (const name of ['llama', 'tuned']) {
    const blocked = await judged(gateway, name, 'block')
    assert.equal(blocked.stopped, 'licence-blocked', name)
    assert.ok(blocked.record.licence.conditions.includes('llama-3.1/mau-700m'), name)
    assert.match(await statusOf(gateway, name), /^model-not-admitted/)
  }
  assert.ok((await tasksOf(gateway, 'tuned')).includes('blocked mau'))
  assert.equal((await judged(gateway, 'texted', 'allow-with-duties')).stopped, null)
  gateway.write(COMPANY(2000))
  assert.equal((await judged(gateway, 'tuned', 'allow-with-duties')).stopped, null)
  const { notice } = z.object({ notice: z.string() }).parse(await shown(gateway, 'notice'))
  assert.match(notice, /This product uses the model tuned\.[^]*Llama 3\.1/)
  assert.match(notice, /This product uses the model texted\.[^]*Apache License/)
  assert.deepEqual((await judgements(gateway.home, 'tuned')).slice(-3), [
    'allow-with-duties apache-2.0',
    'block apache-2.0',
    'allow-with-duties apache-2.0',
  ])
})

test('a licence text that is another in the store is judged again within seconds, and tells which', async (t) => {
  const gateway = await opened(t)
  gateway.write(COMPANY(1000))
  await judged(gateway, 'texted', 'allow-with-duties')
  const dir = join(gateway.home, 'models')
  const manifest = await findModel(dir, 'texted')
  const file = manifest?.files.find(({ path }) => path === 'LICENSE')
  assert.ok(file)
  const path = storePaths(dir).blob(file.digest)
  // the first look at the texts has to be over before one changes
  await new Promise((resolve) => setTimeout(resolve, 4000))
  await chmod(path, 0o600)
  await writeFile(path, (await readFile(path, 'utf8')).replace('royalty-free', 'royalty-bearing'))
  const changed = await judged(gateway, 'texted', 'needs-legal')
  assert.ok(changed.record.licence.conditions.includes('text-resembles-only'))
  assert.ok((await judgements(gateway.home, 'texted')).at(-1)?.startsWith('needs-legal'))
})

test('a licence text and a company that are another after the gateway was down are noticed when it starts', async (t) => {
  const first = await opened(t)
  first.write(COMPANY(1000))
  await judged(first, 'texted', 'allow-with-duties')
  await judged(first, 'llama', 'allow-with-duties')
  const { home } = first
  const dir = join(home, 'models')
  const manifest = await findModel(dir, 'texted')
  const file = manifest?.files.find(({ path }) => path === 'LICENSE')
  assert.ok(file)
  await first.stop()

  const path = storePaths(dir).blob(file.digest)
  await chmod(path, 0o600)
  await writeFile(path, (await readFile(path, 'utf8')).replace('royalty-free', 'royalty-bearing'))
  await pullFolder(home, 'later', { 'w.gguf': weights('mit') })
  const second = await reloadableGateway(t, COMPANY(800_000_000), { home })
  assert.equal((await judged(second, 'llama', 'block')).stopped, 'licence-blocked')
  const texted = await judged(second, 'texted', 'needs-legal')
  assert.ok(texted.record.licence.conditions.includes('text-resembles-only'))
  assert.ok((await judgements(home, 'texted')).at(-1)?.startsWith('needs-legal'))
  // what came meanwhile is yet to be scanned, and nobody waits for that
  await judged(second, 'later', 'allow-with-duties')
  const order = (await admissionsOf(home)).map(({ decision, model }) => `${decision} ${model}`)
  assert.ok(order.lastIndexOf('licence-judged texted') < order.indexOf('brought later'))
})
