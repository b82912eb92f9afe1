import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { sampleDecision, sampleOutcome } from '#ledger/samples.ts'
import { spentOf } from './account.ts'
import { Bank, heldNames, type Holding } from './bank.ts'
import { budgetOf } from './budget.fixture.ts'
import { Clerk } from './clerk.ts'
import type { Recorded } from './entries.ts'
import { memoryStore } from './memory-store.fixture.ts'
import { RECLAIM_MS } from './meter.ts'
import { budgetTable } from './table.ts'

const HARD = 1000
const budget = budgetOf({ hard: HARD, soft: 700 })
const turns = async (count = 30): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve()
}

interface Open {
  readonly holding: Holding
  readonly amount: number
}

/** A gateway process: a bank, a clerk, a chain of the ledger. A crash loses the first two and what was not committed. */
class Process {
  readonly writer: string
  readonly world: World
  bank!: Bank
  clerk!: Clerk
  open: Open[] = []
  undecided: Open[] = []
  /** Appended, not yet committed. */
  waiting: Recorded[] = []
  seq = 0
  isStopped = false

  constructor(world: World, writer: string) {
    this.world = world
    this.writer = writer
  }

  async start(): Promise<void> {
    const { world, writer } = this
    const chain = world.chain(writer)
    this.seq = chain.at(-1)?.seq ?? 0
    this.waiting = []
    this.open = []
    this.undecided = []
    this.clerk = new Clerk({
      store: world.store,
      ledger: {
        head: async (name) => ({ seq: world.chain(name).at(-1)?.seq ?? 0 }),
        async *walk(name, from) {
          for (const record of world.chain(name)) {
            if (record.seq >= from) yield { seq: record.seq, record }
          }
        },
      },
      table: () => world.table,
      clock: () => 0,
      now: () => world.now,
      newId: () => `epoch-${(world.ids += 1)}`,
    })
    await this.clerk.recover(writer)
    const vault = this.clerk.vaultFor(() => writer)
    this.bank = new Bank({
      vault,
      now: () => world.now,
      sleep: () => Promise.resolve(),
      recorded: () => this.#recorded(),
    })
    this.isStopped = false
  }

  /** The ledger takes it now, and the next turn is somebody else's. */
  async #recorded(): Promise<boolean> {
    this.commit()
    await turns()
    return true
  }

  #append(event: Recorded['event']): void {
    this.seq += 1
    this.waiting.push({ tenant: 'default', writer: this.writer, seq: this.seq, event })
  }

  /** Holds and appends its decision; what leaves for outside waits for the commit of that. */
  async request(amount: number, proceed = true): Promise<boolean> {
    const held = await this.bank.hold([{ budget, amount }], 0)
    if (!held.ok) return false
    this.#append(sampleDecision({ held: heldNames(held.value) }))
    this.undecided.push({ holding: held.value, amount })
    if (proceed) this.proceed()
    return true
  }

  /** The decisions are durable: those whose amount is still ours go on, the others end here. */
  proceed(): void {
    this.commit()
    for (const one of this.undecided.splice(0)) {
      if (this.bank.isCovered(one.holding)) this.open.push(one)
      else this.#end(one, 0)
    }
    this.commit()
  }

  settle(which: number, share: number): void {
    const [one] = this.open.splice(which % Math.max(1, this.open.length), 1)
    if (one) this.#end(one, Math.floor(one.amount * share))
  }

  #end({ holding, amount }: Open, spent: number): void {
    const [name = ''] = Object.keys(heldNames(holding))
    this.bank.settle(holding, [spent])
    this.#append(sampleOutcome('d', { settled: { [name]: [amount, spent] } }))
  }

  commit(): void {
    const records = this.waiting.splice(0)
    this.world.chain(this.writer).push(...records)
    this.clerk.committed(records)
  }
}

class World {
  readonly store = memoryStore()
  readonly table = budgetTable([budget])
  readonly #chains = new Map<string, Recorded[]>()
  now = 0
  ids = 0
  readonly processes: Process[]

  constructor(count: number) {
    this.processes = Array.from({ length: count }, (_, at) => new Process(this, `writer-${at}`))
  }

  chain(writer: string): Recorded[] {
    const known = this.#chains.get(writer) ?? []
    this.#chains.set(writer, known)
    return known
  }

  /** What the ledger says was spent: outcomes, and decisions without one at what they held. */
  inLedger(): number {
    return [...this.#chains.values()].flat().reduce((sum, { event }) => {
      if (event.type === 'decision')
        return sum + Object.values(event.held ?? {}).reduce((a, b) => a + b, 0)
      if (event.type !== 'outcome') return sum
      return Object.values(event.settled ?? {}).reduce(
        (all, [held, spent]) => all - held + spent,
        sum,
      )
    }, 0)
  }
}

type Step =
  | {
      readonly kind: 'hold'
      readonly who: number
      readonly amount: number
      readonly wait: boolean
      readonly proceed: boolean
    }
  | {
      readonly kind: 'settle'
      readonly who: number
      readonly which: number
      readonly share: number
    }
  | { readonly kind: 'commit' | 'flush' | 'beat' | 'crash' | 'silent'; readonly who: number }
  | { readonly kind: 'pass'; readonly ms: number }

const who = fc.nat({ max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('hold' as const),
      who,
      amount: fc.integer({ min: 0, max: 120 }),
      wait: fc.boolean(),
      proceed: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      who,
      which: fc.nat({ max: 9 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('commit' as const, 'flush' as const, 'beat' as const),
      who,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'silent' as const), who }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.integer({ min: 1, max: 40_000 }),
    }),
  },
)

async function play(steps: readonly Step[]): Promise<World> {
  const world = new World(3)
  for (const one of world.processes) await one.start()
  const asked: Promise<boolean>[] = []
  for (const one of steps) {
    if (one.kind === 'pass') world.now += one.ms
    else {
      const process = world.processes[one.who]
      assert.ok(process)
      if (one.kind === 'hold') {
        const request = process.request(one.amount, one.proceed)
        asked.push(request)
        if (one.wait) await request
      } else if (one.kind === 'settle') process.settle(one.which, one.share)
      else if (one.kind === 'commit') process.proceed()
      else if (one.kind === 'flush') await process.clerk.flush()
      else if (one.kind === 'beat') await process.bank.beat()
      else if (one.kind === 'crash') {
        await Promise.all(asked.splice(0))
        await process.start()
      } else {
        // nobody heard of it for too long: another one closes its shares while it goes on
        await process.clerk.recoverSilent(new Set([process.writer]))
        world.now += RECLAIM_MS
        await process.clerk.recoverSilent(new Set([process.writer]))
      }
    }
    await turns()
    assert.ok(world.inLedger() <= HARD, `${world.inLedger()} of ${HARD} spent or held`)
  }
  await Promise.all(asked)
  assert.ok(world.inLedger() <= HARD, `${world.inLedger()} of ${HARD} spent or held`)
  return world
}

describe('holding and settling', () => {
  test('whatever is interleaved, crashes or falls silent, spent and held never pass the hard limit, and the accounts end as the ledger says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const world = await play(steps)
        for (const one of world.processes) one.proceed()
        for (const one of world.processes) await one.start()
        const stored = await world.store.account({ tenant: 'default', budget: 'all', start: 0 })
        const spent = stored ? spentOf(JSON.parse(stored.json)) : 0
        assert.equal(spent, world.inLedger())
      }),
      { numRuns: 300 },
    )
  })

  test('the last unit can be spent by whoever asks for it, wherever the rest was handed out', async () => {
    const world = new World(3)
    for (const one of world.processes) await one.start()
    let granted = 0
    for (let round = 0; round < 100; round += 1) {
      for (const one of world.processes) {
        if (await one.request(7)) granted += 7
        one.settle(0, 1)
        for (const other of world.processes) await other.bank.beat()
      }
    }
    assert.equal(granted, HARD - (HARD % 7))
    assert.equal(world.inLedger(), granted)
  })

  test('what one gives back to others is free in the ledger too, whoever crashes then', async () => {
    const world = new World(2)
    for (const one of world.processes) await one.start()
    const [rich, poor] = world.processes
    assert.ok(rich && poor)
    for (let at = 0; at < 8; at += 1) assert.equal(await rich.request(120), true)
    assert.equal(await poor.request(100), false)
    world.now += 1000
    // it hears that somebody gets nothing, and its requests have cost nothing
    await rich.bank.beat()
    for (let at = 0; at < 8; at += 1) rich.settle(0, 0)
    await rich.bank.beat()
    assert.equal(await poor.request(100), true)
    assert.ok(world.inLedger() <= HARD, String(world.inLedger()))
    await rich.start()
    assert.ok(world.inLedger() <= HARD, String(world.inLedger()))
  })

  test('a process that was stopped for too long spends nothing of what others have had since', async () => {
    const world = new World(2)
    for (const one of world.processes) await one.start()
    const [stopped, other] = world.processes
    assert.ok(stopped && other)
    assert.equal(await stopped.request(200, false), true)
    const mine = new Set([other.writer])
    await other.clerk.recoverSilent(mine)
    world.now += RECLAIM_MS
    assert.deepEqual(await other.clerk.recoverSilent(mine), [stopped.writer])
    assert.equal(await other.request(990), true)
    // it wakes up between its decision and what it was about to send
    stopped.proceed()
    assert.equal(stopped.open.length, 0)
    assert.equal(await stopped.request(11), false)
    assert.equal(await stopped.request(10), true)
    assert.equal(world.inLedger(), HARD)
  })

  test('a threshold is told once, whoever notices it', async () => {
    const world = new World(3)
    for (const one of world.processes) await one.start()
    for (const one of world.processes) {
      await one.request(300)
      one.settle(0, 1)
      one.commit()
    }
    for (const one of world.processes) await one.clerk.flush()
    await world.processes[0]?.request(500)
    await turns()
    assert.deepEqual(world.store.queued, ['budget_default_all_0_soft', 'budget_default_all_0_hard'])
    for (const one of world.processes) {
      await one.start()
      await one.clerk.flush()
    }
    assert.equal(world.store.queued.length, 2)
  })
})
