// CPU that quotas cost one request: entering, asking one choice, telling the headers and settling.
import { anthropicLimitHeaders, openAiLimitHeaders } from '#gateway/surfaces/limit-headers.ts'
import { Admissions } from '#quotas/admission.ts'
import type { ActualUse, RequestSize } from '#quotas/amounts.ts'
import { enter, Entered } from '#quotas/entered.ts'
import { LeaseClient } from '#quotas/lease-client.ts'
import { LiveQuotas } from '#quotas/live-quotas.ts'
import type { Counters } from '#quotas/plan.ts'
import type { Quota, Subject } from '#quotas/quota.ts'
import { WindowBook } from '#quotas/window-book.ts'

const REQUESTS = 100_000
const CALLERS = 1_000
const ROUNDS = 3

const now = (): number => performance.now()
const quota = (id: string, over: Partial<Quota>): Quota => ({
  id,
  tenant: null,
  per: ['key'],
  match: {},
  windowMs: 60_000,
  limits: { requests: 1_000_000_000 },
  action: 'refuse',
  queueLength: 100,
  maxWaitMs: 1_000,
  priority: null,
  ...over,
})

/** Two that hold for each key, the rest for one key each. */
function quotas(count: number): LiveQuotas {
  const live = new LiveQuotas()
  const general = [
    quota('each-key', { limits: { requests: 10 ** 9, totalTokens: 10 ** 12 } }),
    quota('each-model', { per: ['key', 'model'], limits: { outputTokens: 10 ** 12 } }),
  ]
  for (const one of general.slice(0, Math.min(2, count))) live.put(one)
  for (let at = 2; at < count; at += 1) {
    const match = { key: [at % 10 === 0 ? `team-${at}-*` : `key-${at}`] }
    live.put(quota(`quota-${at}`, { match, limits: { requests: 10 ** 9 } }))
  }
  return live
}

const subjects = Array.from({ length: CALLERS }, (_, at): Subject => ({
  organisation: 'default',
  team: 'sales',
  person: null,
  application: `app-${at % 50}`,
  key: `key-${at}`,
  keyName: `laptop ${at}`,
  model: null,
  destination: null,
}))

const size: RequestSize = {
  model: 'm',
  inputTokens: 300,
  outputLimit: 500,
  bytes: 1_024,
  stream: true,
}
const use: ActualUse = {
  sent: true,
  inputTokens: 290,
  outputTokens: 200,
  producedTokens: 200,
  answerBytes: 4_000,
}
const { signal } = new AbortController()

async function oneRequest(admissions: Admissions, subject: Subject): Promise<void> {
  const entering = enter(admissions, subject, size, signal)
  const entered = entering instanceof Promise ? await entering : entering
  if (entered === null) return
  if (!(entered instanceof Entered)) throw new Error('refused')
  const ready = entered.prepare([{ model: 'm', destination: 'cloud' }])
  if (ready) await ready
  const placed = entered.enter('m', 'cloud')
  if ('refusal' in placed) throw new Error('refused')
  const told = entered.told()
  if (told) void (subject.key?.endsWith('0') ? anthropicLimitHeaders : openAiLimitHeaders)(told, 0)
  placed.leave()
  entered.end(use, 'cloud')
}

async function microsecondsEach(counters: Counters, live: LiveQuotas): Promise<number> {
  const sleep = (): Promise<void> => Promise.resolve()
  const admissions = new Admissions({ quotas: () => live.current, counters, now, sleep })
  let best = Infinity
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage()
    for (let at = 0; at < REQUESTS; at += 1) {
      const subject = subjects[at % CALLERS]
      if (subject) await oneRequest(admissions, subject)
    }
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / REQUESTS)
  }
  return best
}

const plain = await microsecondsEach(new WindowBook(now), new LiveQuotas())
for (const count of [10, 1_000, 100_000]) {
  const before = process.memoryUsage().heapUsed
  const live = quotas(count)
  const bytes = Math.round((process.memoryUsage().heapUsed - before) / count)
  const own = await microsecondsEach(new WindowBook(now), live)
  const authority = new WindowBook(now)
  const client = new LeaseClient({ holder: 'bench', authority, now })
  const leased = await microsecondsEach(client, live)
  const line = { quotas: count, none: plain, own, leased, heapBytesEach: bytes }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
