// A ledger of many requests, built from realistic shapes through the writer and the store themselves, then every query of
// the dashboard on it: node bench/ledger-scale.ts [REQUESTS] [FILE | postgres | URL] [DAYS] (10,000,000 in 180 days when
// absent; `postgres`: a server of its own, started for it and gone after it; a ledger that is there already is only asked).
import { mkdtempSync, existsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { createFollower } from '#ledger/follower.ts'
import type { DecisionEvent } from '#ledger/event.ts'
import type { LedgerQuery } from '#ledger/ports.ts'
import { sampleAdmin, sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { DAY, HOUR, HOURS_KEPT, startOf } from '#ledger/tally.ts'
import { createLedgerWriter } from '#ledger/writer.ts'
import { openPostgres } from '#store/postgres/open.ts'
import { startServer } from '#store/postgres/server.fixture.ts'
import { openStore } from '#store/sqlite/open.ts'
import type { Store } from '#store/ports.ts'

const REQUESTS = Number(process.argv[2] ?? 10_000_000)
const isServer = process.argv[3] === 'postgres'
const path = process.argv[3] ?? join(mkdtempSync(join(tmpdir(), 'ecluse-scale-')), 'ecluse.db')
const START = Date.UTC(2026, 0, 1)
const DAYS = Number(process.argv[4] ?? 180)
const END = START + DAYS * DAY
const isAddress = path.startsWith('postgresql://')
const isFile = !isServer && !isAddress
const isOldFile = isFile && existsSync(path)
// what would be synced is a bench's: a power cut may have it
const SERVER = { shared_buffers: '512MB', fsync: 'off', full_page_writes: 'off' }
const server = isServer ? await startServer({ settings: SERVER }) : null
const database = server ? await server.fresh() : null
const url = isAddress ? path : (database?.url ?? null)
const opened = url === null ? openStore({ path }) : await openPostgres({ url })
if (!opened.ok) throw new Error(opened.error.code)
const store = opened.value
const isThere = isOldFile || (await store.ledger.heads()).length > 0

/** The same numbers in every run (mulberry32). */
let state = 20_260_101
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
const pick = <T>(from: readonly (readonly [T, number])[]): T => {
  let left = random() * from.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [value, weight] of from) if ((left -= weight) < 0) return value
  throw new Error('weights')
}
/** Few keys make most of the requests: Zipf over a thousand. */
const KEYS = 1000
const keyNumber = (): number => Math.min(KEYS - 1, Math.floor(KEYS ** random()) - 1)
const keyOf = (number: number): string => `k${number.toString(36).padStart(7, 'X')}`
const logNormal = (median: number, spread: number): number =>
  Math.round(
    median *
      Math.exp(spread * Math.sqrt(-2 * Math.log(random() || 0.5)) * Math.cos(6.283 * random())),
  )

const CLASSES = [
  ['public', 62],
  ['internal', 24],
  ['confidential', 10],
  ['restricted', 4],
] as const
const PLACES = [
  ['vllm', 40],
  ['embedded', 8],
  ['cloud', 30],
  ['mistral', 14],
  ['openai', 7.9],
  ['trial', 0.1],
] as const
const SHAPES = [
  [{}, 60],
  [{ PERSON: 1 }, 12],
  [{ EMAIL_ADDRESS: 2, PERSON: 1 }, 10],
  [{ FR_NIR: 1, PERSON: 2 }, 2],
  [{ IBAN_CODE: 1 }, 3],
  [{ SECRET: 1 }, 1],
] as const
const SURFACES = [
  ['openai-chat', 70],
  ['anthropic-messages', 20],
  ['openai-embeddings', 10],
] as const

async function build(): Promise<void> {
  let now = START
  let today = START
  let count = 0
  const writer = createLedgerWriter({
    store: store.ledger,
    writer: 'gateway',
    clock: () => now,
    newId: () => '',
    randomBytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
    head: null,
    maxQueued: 100_000,
  })
  const follower = createFollower({ ledger: store.ledger, index: store.index })
  await follower.catchUp()
  writer.onCommitted((committed) => follower.offer(committed))
  const began = process.cpuUsage()
  const tenant = { tenant: 'default' }
  for (let i = 0; i < REQUESTS; i += 1) {
    now = START + Math.floor((i / REQUESTS) * DAYS * DAY)
    if (i > 0 && startOf(now, DAY) !== today) await endOfDay((today = startOf(now, DAY)))
    const event = decision()
    const id = idAt(now, (count += 1))
    writer.append(event, { ...tenant, id })
    now += 2 + logNormal(600, 0.8)
    writer.append(outcome(id, event), tenant)
    if (i % 5000 === 0) writer.append(sampleAdmin(), { ...tenant, id: idAt(now, (count += 1)) })
    if (i % 2000 === 1999) {
      await writer.flush()
      if (i % 10_000 === 9999) await follower.catchUp()
      if (i % 500_000 === 499_999) console.error(`${i + 1} requests`)
    }
  }
  await writer.close()
  const { user, system } = process.cpuUsage(began)
  await follower.catchUp()
  console.log(
    `built: ${((user + system) / REQUESTS).toFixed(1)} us of CPU per request, both records, counts and blocks`,
  )
}

/** What a day brings beside requests: hours are folded, and a server has tidied up what changed often. */
async function endOfDay(today: number): Promise<void> {
  await store.index.foldHours(today - HOURS_KEPT)
  if (url !== null) await onServer(url, 'VACUUM ecluse.rollup')
}

function decision(): DecisionEvent {
  const key = keyNumber()
  const isRefused = random() < 0.01
  const findings = pick(SHAPES)
  const dataClass = pick(CLASSES)
  const place = pick(PLACES)
  return sampleDecision({
    class: dataClass,
    surface: pick(SURFACES),
    key: keyOf(key),
    team: `team-${key % 20}`,
    application: `app-${key % 60}`,
    model: key % 7 === 0 ? `model-${key % 8}` : 'auto',
    findings,
    categories:
      'FR_NIR' in findings ? ['personal', 'health'] : 'PERSON' in findings ? ['personal'] : [],
    destination: isRefused ? null : place,
    served: isRefused ? null : `model-${key % 8}`,
    zone: isRefused ? null : place === 'embedded' ? 'device' : place === 'vllm' ? 'on-prem' : 'api',
    refusal: isRefused ? 'no-eligible-destination' : null,
    inputTokens: logNormal(400, 1),
    policy: (count30() % 40).toString(16).padStart(16, 'a'),
  })
}

/** The policy changes now and then. */
let changes = 0
const count30 = (): number => Math.floor((changes += 1) / 300_000)

function outcome(id: string, event: DecisionEvent) {
  const isAnswered = event.destination !== null && random() < 0.985
  return sampleOutcome(id, {
    destination: event.destination,
    status: event.destination === null ? 'refused' : isAnswered ? 'answered' : 'failed',
    code: isAnswered
      ? null
      : event.destination === null
        ? 'no-eligible-destination'
        : 'destination-timeout',
    promptTokens: isAnswered ? event.inputTokens : null,
    completionTokens: isAnswered ? logNormal(180, 1) : null,
    firstByteMs: isAnswered ? logNormal(250, 0.7) : null,
    totalMs: logNormal(900, 0.9),
    ...(isAnswered ? { costMicro: logNormal(900, 1) } : {}),
  })
}

function idAt(time: number, number: number): string {
  const at = time.toString(16).padStart(12, '0')
  const tail =
    number.toString(16).padStart(7, '0') +
    Math.floor(random() * 2 ** 20)
      .toString(16)
      .padStart(5, '0')
  const more = Math.floor(random() * 4096)
    .toString(16)
    .padStart(3, '0')
  return `${at.slice(0, 8)}-${at.slice(8)}-7${more}-8${more}-${tail}`
}

const LISTS: Readonly<Record<string, LedgerQuery>> = {
  'newest decisions': {},
  'class restricted': { class: 'restricted' },
  'category health': { category: 'health' },
  'a busy key': { key: keyOf(0) },
  'a rare key': { key: keyOf(999) },
  'a rare destination': { destination: 'trial' },
  refused: { refused: true },
  'a team': { team: 'team-7' },
  'a model': { model: 'model-3' },
  nobody: { key: 'nobody' },
  'restricted of a key at a place': { class: 'restricted', key: keyOf(900), destination: 'openai' },
  'health refused of a team': { category: 'health', refused: true, team: 'team-3' },
  'rare key, rare place': { key: keyOf(998), destination: 'trial' },
  'restricted, one hour 100 days ago': {
    class: 'restricted',
    since: START + 80 * DAY,
    until: START + 80 * DAY + HOUR,
  },
  '500 of a class': { class: 'confidential', limit: 500 },
}

const DIMENSIONS =
  'all class destination model surface key team application refusal finding flow failure total first-byte'.split(
    ' ',
  )
const RANGES = [
  ['a day by hour', HOUR, 1],
  ['a week by hour', HOUR, 7],
  ['30 days by day', DAY, 30],
  ['180 days by day', DAY, 180],
] as const

async function measure(): Promise<void> {
  const rows: [string, number, number, number, number][] = []
  const time = async (name: string, ask: () => Promise<number>): Promise<void> => {
    const times: number[] = []
    let found = 0
    const cpu = process.cpuUsage()
    for (let run = 0; run < 5; run += 1) {
      const began = performance.now()
      found = await ask()
      times.push(performance.now() - began)
    }
    const { user, system } = process.cpuUsage(cpu)
    const sorted = times.toSorted((a, b) => a - b)
    rows.push([name, found, sorted[2] ?? 0, sorted[4] ?? 0, (user + system) / 5000])
  }
  for (const [name, query] of Object.entries(LISTS)) {
    await time(name, () => page(store, { tenant: 'default', ...query }))
  }
  let before: string | undefined
  for (let i = 0; i < 19; i += 1) {
    const read = await store.decisions.decisions({ tenant: 'default', class: 'restricted', before })
    before = read.ok ? (read.value.next ?? undefined) : undefined
  }
  await time('page 20 of restricted', () =>
    page(store, { tenant: 'default', class: 'restricted', before }),
  )
  await time('admin events', async () => {
    const read = await store.ledger.read({ tenant: 'default', type: 'admin' })
    return read.ok ? read.value.rows.length : -1
  })
  const some = await store.decisions.decisions({ until: START + 90 * DAY, limit: 1 })
  const id = some.ok ? (some.value.rows[0]?.id ?? '') : ''
  await time('one decision', async () => (await store.ledger.byId(id)).length)
  for (const dimension of DIMENSIONS) {
    for (const [range, grain, days] of RANGES) {
      const query = { tenant: 'default', grain, dimension, since: END - days * DAY, until: END }
      let values: string[] = []
      await time(`${dimension}, most in ${range}`, async () => {
        values = (await store.index.tops(query, 10)).map(({ value }) => value)
        return values.length
      })
      await time(
        `${dimension}, lines of ${range}`,
        async () => (await store.index.rollups({ ...query, values })).length,
      )
    }
  }
  console.log('query | rows | p50 ms | max ms | CPU ms\n---|---|---|---|---')
  for (const [name, found, middle, most, cpu] of rows) {
    console.log(
      `${name} | ${found} | ${middle.toFixed(1)} | ${most.toFixed(1)} | ${cpu.toFixed(1)}`,
    )
  }
  const slow = rows.filter(([, , , most]) => most > 200)
  console.log(
    slow.length === 0
      ? 'every query within 200 ms'
      : `beyond 200 ms: ${slow.map(([name]) => name).join('; ')}`,
  )
}

async function page(from: Store, query: LedgerQuery): Promise<number> {
  const read = await from.decisions.decisions(query)
  return read.ok ? read.value.rows.length : -1
}

/** Of all tables and indexes, as the server has them after it has tidied up. */
async function serverBytes(url: string): Promise<number> {
  await onServer(url, 'VACUUM ANALYZE')
  await onServer(url, 'CHECKPOINT')
  const rows = await onServer<{ name: string; bytes: string }>(
    url,
    `SELECT CASE WHEN c.relname LIKE 'ledger\\_20%' THEN 'ledger' ELSE c.relname END AS name,
        sum(pg_total_relation_size(c.oid)) AS bytes
      FROM pg_class c WHERE c.relnamespace = 'ecluse'::regnamespace AND c.relkind = 'r'
      GROUP BY 1 ORDER BY 2 DESC`,
  )
  const parts = await onServer<{ name: string; bytes: string }>(
    url,
    `SELECT regexp_replace(relname, '20[0-9]{2}_[0-9]{2}', 'month') AS name, sum(pg_relation_size(oid)) AS bytes
      FROM pg_class WHERE relnamespace = 'ecluse'::regnamespace AND relkind IN ('r', 'i')
      GROUP BY 1 ORDER BY 2 DESC LIMIT 8`,
  )
  for (const { name, bytes } of [...rows.slice(0, 5), ...parts]) {
    console.log(`${name}: ${(Number(bytes) / REQUESTS).toFixed(1)} bytes per request`)
  }
  return rows.reduce((sum, { bytes }) => sum + Number(bytes), 0)
}

async function onServer<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

if (!isThere) await build()
const bytes = url === null ? statSync(path).size : await serverBytes(url)
console.log(
  `${REQUESTS} requests, ${(bytes / 2 ** 20).toFixed(0)} MiB: ${(bytes / REQUESTS).toFixed(0)} bytes per request, everything included`,
)
await measure()
await store.close()
await server?.stop()
