// `node test/leaks/sockets.ts --exchanges 20000`: the same over real sockets, against servers that record; ends with 1 when something leaked.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CLASSES } from '#kernel/label.ts'
import type { Canary } from './canary.ts'
import { makeRequest } from './conversation.ts'
import { Dice } from './dice.ts'
import { hasCanary, textsShown } from './open-exchange.ts'
import { openSocketHouse, type Asker } from './socket-house.ts'
import { listen, PLACES, type Place, type PlaceWitness } from './socket-places.ts'
import type { Spoken } from './spoken.ts'

/** Exchanges at the same time. */
const AT_ONCE = 16
/** Values that are looked for in what is recorded and shown. */
const REMEMBERED = 200
/** Exchanges between two configurations. */
const PER_CONFIGURATION = 700

const { values } = parseArgs({
  options: {
    exchanges: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
})
const dice = new Dice(Number(values.seed))
const leaks = new Set<string>()
const planted: { readonly canary: Canary; readonly by: Asker }[] = []
const spoken: Spoken[] = []
const figures = {
  exchanges: 0,
  planted: 0,
  recorded: 0,
  redirected: 0,
  answered: 0,
  hits: 0,
  spoken: 0,
  held: 0,
  released: 0,
  barred: 0,
  reloads: 0,
}
const rank = (of: Canary['class']): number => CLASSES.indexOf(of)

/** Judges what reaches a place by the clearance of the place, and by what the key that asked may. */
function seen({ id, clearance, zone }: Place, text: string): void {
  figures.recorded += 1
  if (clearance === null) leaks.add('a redirect was followed')
  for (const { canary, by } of planted.slice(-REMEMBERED)) {
    if (!hasCanary(text, canary)) continue
    const { class: of } = canary
    if (clearance === null || rank(of) > rank(clearance)) leaks.add(`a ${of} value reached ${id}`)
    if (rank(of) > rank(by.maxClass)) leaks.add(`a ${of} value of a key for less reached ${id}`)
    if (!by.zones.includes(zone)) leaks.add(`a value left the zones of its key for ${id}`)
    const isOutside = zone === 'managed' || zone === 'api'
    if (by.isGuarded && isOutside && canary.categories.includes('personal'))
      leaks.add(`a value that should be masked reached ${id}`)
  }
}

const witness: PlaceWitness = {
  dice,
  seen,
  said(one) {
    figures.spoken += 1
    spoken.push(one)
  },
  redirected: () => (figures.redirected += 1),
}
const nowhere: Place = { id: 'nowhere', zone: 'api', clearance: null, dialect: 'openai' }
const thief = await listen(nowhere, witness, '')
const servers = await Promise.all(
  PLACES.map((place) => listen(place, witness, `http://127.0.0.1:${thief.port}`)),
)
const house = await openSocketHouse(servers.map(({ port }) => port))

async function one(): Promise<void> {
  const asker = dice.one(house.askers)
  const { path, body, planted: own, url } = makeRequest(dice)
  planted.push(...own.map((canary) => ({ canary, by: asker })))
  figures.planted += own.length
  figures.exchanges += 1
  if (figures.exchanges % PER_CONFIGURATION === 0) {
    figures.reloads += 1
    await house.reload(figures.reloads % 2 === 1)
  }
  try {
    const answer = await house.call(asker.key, 'POST', path, body)
    const isHit = answer.headers.get('x-ecluse-cache') === 'hit'
    if (isHit) figures.hits += 1
    if (answer.status === 200) figures.answered += 1
    const text = await answer.text()
    judgeShown(asker, own, textsShown(text), isHit)
    const isText = !/embed|moderations|rerank/.test(url)
    if (asker.isRead && isText && answer.status === 200)
      leaks.add('an answer was shown that a person should have read')
    const [, id] = /reviews\/([\da-f-]{36})/.exec(text) ?? []
    if (id) await review(asker, own, id)
  } catch {
    // a stream that broke off
  }
}

function judgeShown(asker: Asker, own: readonly Canary[], text: string, isHit: boolean): void {
  if (asker.isGuarded) {
    for (const { kind, needle } of spoken.slice(-REMEMBERED))
      if (text.includes(needle)) leaks.add(`${kind} in an answer were shown in spite of a rule`)
  }
  if (isHit) return
  for (const { canary } of planted.slice(-REMEMBERED))
    if (!own.includes(canary) && hasCanary(text, canary))
      leaks.add('a value of another exchange was shown')
}

/** Everybody tries to get at an answer that waits. */
async function review(asker: Asker, own: readonly Canary[], id: string): Promise<void> {
  figures.held += 1
  const { reviewers, askers, call } = house
  const path = `/v1/ecluse/reviews/${id}`
  const barred = async (who: string, status: Promise<Response>): Promise<void> => {
    figures.barred += 1
    if ((await status).ok) leaks.add(`an answer that waits was open to ${who}`)
  }
  for (const one of [dice.one(askers), dice.one(askers)].filter((of) => of !== asker))
    await barred('another key', call(one.key, 'GET', path))
  await barred('another company', call(reviewers.theirs, 'GET', `/api/reviews/${id}`))
  await barred('who asked', call(asker.key, 'POST', `/api/reviews/${id}/approve`, {}))
  const low = await call(reviewers.low, 'GET', `/api/reviews/${id}`)
  const lowText = await low.text()
  if (own.some((canary) => rank(canary.class) > 0 && hasCanary(lowText, canary)))
    leaks.add('an answer that waits was read by a key for less')
  if (!dice.chance(0.5)) return
  const decided = await call(reviewers.ours, 'POST', `/api/reviews/${id}/approve`, {})
  if (!decided.ok) return
  const released = await call(asker.key, 'GET', path)
  if (released.status === 200) figures.released += 1
  judgeShown(asker, own, await released.text(), false)
  for (const one of askers.filter((of) => of !== asker))
    await barred('another key once it was released', call(one.key, 'GET', path))
}

/** Everything on the disk of the gateway, and all that it said. */
function lookAtHome(): void {
  const texts = readdirSync(house.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'))
  const said = house.lines.join('\n')
  for (const { canary } of planted.slice(-5000)) {
    if (texts.some((text) => hasCanary(text, canary)))
      leaks.add(`a ${canary.class} value is on the disk`)
    if (hasCanary(said, canary)) leaks.add(`a ${canary.class} value is in the log`)
  }
  for (const { kind, needle } of spoken.slice(-5000)) {
    if (kind === 'markings' || kind === 'invisible') continue
    if (texts.some((text) => text.includes(needle)))
      leaks.add(`${kind} of an answer are on the disk`)
    if (said.includes(needle)) leaks.add(`${kind} of an answer are in the log`)
  }
}

const begun = performance.now()
const wanted = Number(values.exchanges)
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (figures.exchanges < wanted && leaks.size === 0) await one()
  }),
)
await house.stop()
lookAtHome()
for (const server of [thief, ...servers]) server.close()
house.remove()
const seconds = Math.round((performance.now() - begun) / 1000)
process.stdout.write(`${JSON.stringify({ ...figures, leaks: [...leaks], seconds })}\n`)
process.exit(leaks.size === 0 ? 0 : 1)
