import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { LeaseClient } from './lease-client.ts'
import { mostInAny, type Admitted } from './most-in-any.fixture.ts'
import type { KeyedAsk, LeaseAuthority } from './ports.ts'
import type { LeaseGrant } from './quota-window.ts'
import { WindowBook } from './window-book.ts'

const WINDOW_MS = 1_000
const KEY = 'quota'

/** A message on its way: to the authority, then back; it may be lost on either way. */
interface Travelling {
  readonly asks: readonly KeyedAsk[]
  grants: readonly LeaseGrant[] | null
  readonly resolve: (grants: readonly LeaseGrant[]) => void
  readonly reject: (error: Error) => void
}

/** Lets promises that are ready go on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve()
}

/** Processes around one authority; the schedule says what happens next. */
class World {
  now = 50_000
  readonly book = new WindowBook(() => this.now)
  readonly wire: Travelling[] = []
  readonly seen: Admitted[] = []
  readonly processes: { client: LeaseClient; skew: number; isPaused: boolean }[] = []
  #runs = 0

  start(at: number): void {
    this.#runs += 1
    // each has a clock of its own, that agrees with no other
    const skew = at * 12_345 + this.#runs * 777
    const authority: LeaseAuthority = {
      lease: (asks) =>
        new Promise((resolve, reject) => this.wire.push({ asks, grants: null, resolve, reject })),
    }
    const holder = `${at}-${this.#runs}`
    const client = new LeaseClient({ holder, authority, now: () => this.now + skew })
    this.processes[at] = { client, skew, isPaused: false }
  }

  /** One request at a process; whether it was let in. */
  request(at: number, units: number, limit: number, keep: number): void {
    const process = this.processes[at]
    if (!process || process.isPaused) return
    const counter = process.client.counter(KEY, WINDOW_MS)
    const clock = this.now + process.skew
    const found = counter.check(units, limit, clock)
    if (found < 0) void counter.refill(units, limit)
    if (found !== 0) return
    const slice = counter.take(units, clock)
    const one = { at: this.now, units }
    this.seen.push(one)
    if (keep < units) {
      counter.settle(units, slice, keep, clock)
      one.units = keep
    }
  }
}

type Step =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'request'; readonly at: number; readonly units: number; readonly keep: number }
  | { readonly kind: 'arrive' | 'answer' | 'lose'; readonly which: number }
  | { readonly kind: 'tick' | 'crash' | 'pause'; readonly at: number }

const at = fc.integer({ min: 0, max: 1 })
const which = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat(3) },
)
/** Around the length of a slice, of a lease and of the window, where something could go wrong. */
const ms = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 40, max: 110 }),
  fc.integer({ min: 850, max: 1_110 }),
)
const units = fc.integer({ min: 1, max: 3 })
const keep = fc.oneof(fc.constant(4), fc.nat(3))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('time'), ms }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('request'), at, units, keep }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('arrive'), which }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('answer'), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose'), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tick'), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('crash', 'pause'), at }) },
)

async function play(world: World, schedule: readonly Step[], limit: number): Promise<void> {
  for (const next of schedule) {
    switch (next.kind) {
      case 'time':
        world.now += next.ms
        break
      case 'request':
        world.request(next.at, next.units, limit, Math.min(next.keep, next.units))
        break
      case 'arrive': {
        const one = world.wire.filter(({ grants }) => grants === null)[next.which]
        if (one) one.grants = await world.book.lease(one.asks)
        break
      }
      case 'answer': {
        const one = world.wire.filter(({ grants }) => grants !== null)[next.which]
        if (!one) break
        world.wire.splice(world.wire.indexOf(one), 1)
        one.resolve(one.grants ?? [])
        break
      }
      case 'lose': {
        const [one] = world.wire.splice(next.which, 1)
        one?.reject(new Error('lost'))
        break
      }
      case 'tick': {
        const process = world.processes[next.at]
        if (process && !process.isPaused) void process.client.tick()
        break
      }
      case 'crash':
        world.start(next.at)
        break
      case 'pause': {
        const process = world.processes[next.at]
        if (process) process.isPaused = !process.isPaused
      }
    }
    await settled()
  }
}

describe('leases', () => {
  test('several processes never use more than the limit in any window, whatever is late, lost, paused or killed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }),
        fc.integer({ min: 1, max: 8 }),
        async (schedule, limit) => {
          const world = new World()
          // a lost message makes a process go on with its own share: only where nothing is lost is the bound exact
          const faithful = schedule.filter(({ kind }) => kind !== 'lose')
          for (let one = 0; one < 3; one += 1) world.start(one)
          await play(world, faithful, limit)
          assert.ok(mostInAny(world.seen, WINDOW_MS) <= limit)
        },
      ),
      { numRuns: 1_500 },
    )
  })

  test('while the authority is away each goes on with its share: never more than twice the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 250 }),
        fc.integer({ min: 3, max: 24 }),
        async (schedule, limit) => {
          const world = new World()
          for (let one = 0; one < 3; one += 1) world.start(one)
          const faithful = schedule.filter(({ kind }) => kind !== 'crash')
          // all know of each other before anything is lost
          for (let one = 0; one < 3; one += 1) world.request(one, 1, limit, 1)
          await settled()
          for (const kind of ['arrive', 'answer'] as const) {
            await play(
              world,
              [0, 0, 0].map((which) => ({ kind, which })),
              limit,
            )
          }
          for (let one = 0; one < 3; one += 1)
            void world.processes[one]?.client.counter(KEY, WINDOW_MS).refill(1, limit)
          await settled()
          for (const kind of ['arrive', 'answer'] as const) {
            await play(
              world,
              [0, 0, 0].map((which) => ({ kind, which })),
              limit,
            )
          }
          await play(world, faithful, limit)
          assert.ok(mostInAny(world.seen, WINDOW_MS) <= 2 * limit)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('one process alone gets all of the limit, and what another leaves unused comes back', async () => {
    const world = new World()
    world.start(0)
    world.start(1)
    const hurry = async (steps: readonly Step[]) => play(world, steps, 10)
    const round: Step[] = [
      { kind: 'arrive', which: 0 },
      { kind: 'answer', which: 0 },
    ]
    for (let count = 0; count < 60; count += 1) {
      await hurry([{ kind: 'request', at: 0, units: 1, keep: 4 }, ...round])
    }
    assert.equal(world.seen.length, 10)
    await hurry([{ kind: 'time', ms: 1_200 }])
    for (let count = 0; count < 60; count += 1) {
      await hurry([{ kind: 'request', at: 1, units: 1, keep: 4 }, ...round])
    }
    assert.equal(world.seen.length, 20)
  })

  test('most requests of a busy process ask nobody', async () => {
    const world = new World()
    world.start(0)
    let asked = 0
    const book = world.book.lease.bind(world.book)
    world.book.lease = (asks) => {
      asked += 1
      return book(asks)
    }
    for (let count = 0; count < 3_000; count += 1) {
      await play(
        world,
        [
          { kind: 'request', at: 0, units: 1, keep: 4 },
          { kind: 'time', ms: 1 },
          { kind: 'arrive', which: 0 },
          { kind: 'answer', which: 0 },
        ],
        1_000_000,
      )
    }
    assert.ok(world.seen.length > 2_900, `let in ${world.seen.length}`)
    assert.ok(asked < 200, `asked ${asked} times`)
  })
})
