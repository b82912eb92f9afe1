import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { costOf } from './cost.ts'
import { constantRate, ENERGY_CONSTANTS, energyBook, energyOf, formulaRate } from './energy.ts'
import { NO_PRICE, priceBook, type Price, type PriceRow } from './price.ts'
import { NOTHING, type Quantities } from './quantities.ts'
import { ceilOfProduct, micro } from './whole.ts'

const price = (over: Partial<Price>): Price => ({ ...NO_PRICE, ...over })
const used = (over: Partial<Quantities>): Quantities => ({ ...NOTHING, ...over })

describe('cost', () => {
  test('a price per million tokens is counted exactly and rounded up once', () => {
    const list = price({ input: 39_000, output: 190_000 })
    // 7 x 0.039 + 4 x 0.19 = 1.033 millionths
    assert.equal(costOf(list, used({ input: 7, output: 4 })), 2)
    assert.equal(costOf(list, used({ input: 1_000_000, output: 1_000_000 })), 229_000)
    assert.equal(costOf(list, used({})), 0)
  })

  test('cached tokens are part of the prompt, reasoning is part of the answer; neither is counted twice', () => {
    const list = price({
      input: 1_000_000,
      cachedInput: 100_000,
      cacheWrite: 1_250_000,
      output: 2_000_000,
      reasoning: 4_000_000,
    })
    const cost = costOf(
      list,
      used({ input: 100, cachedInput: 60, cacheWrite: 20, output: 50, reasoning: 10 }),
    )
    assert.equal(cost, 20 + 6 + 25 + 80 + 40)
    const plain = price({ input: 1_000_000, output: 2_000_000 })
    assert.equal(
      costOf(plain, used({ input: 100, cachedInput: 60, output: 50, reasoning: 10 })),
      200,
    )
  })

  test('what the price says nothing of is unknown, never free', () => {
    assert.equal(costOf(price({}), used({ input: 1 })), null)
    assert.equal(costOf(price({ input: 1 }), used({ input: 1, output: 1 })), null)
    assert.equal(costOf(price({ input: 0 }), used({ input: 5 })), 0)
    assert.equal(costOf(price({ image: 40_000 }), used({ images: 2, input: 9 })), 80_000)
    assert.equal(costOf(price({ character: 15_000_000 }), used({ characters: 3 })), 45)
    assert.equal(costOf(price({ second: 100 }), used({ images: 1 })), null)
    assert.equal(costOf(price({ free: true }), used({ input: 1, output: 9, images: 3 })), 0)
  })

  test('the cost is exact at any size, grows with what was used, and never loses a unit', () => {
    const count = fc.nat({ max: 50_000_000 })
    const each = fc.nat({ max: 200_000_000 })
    fc.assert(
      fc.property(count, count, each, each, (input, output, pi, po) => {
        const cost = costOf(price({ input: pi, output: po }), used({ input, output }))
        const exact = BigInt(input) * BigInt(pi) + BigInt(output) * BigInt(po)
        const up = (exact + 999_999n) / 1_000_000n
        assert.ok(cost !== null && Number.isSafeInteger(cost))
        // term by term at most one unit more
        assert.ok(BigInt(cost) >= up && BigInt(cost) <= up + 1n)
      }),
    )
  })

  test('a decimal is taken as millionths or not at all', () => {
    assert.equal(micro(0.039), 39_000)
    assert.equal(micro(12.5), 12_500_000)
    assert.equal(micro(0.0000001), null)
    assert.equal(micro(-1), null)
    assert.equal(micro(Number.NaN), null)
    assert.equal(ceilOfProduct(3_000_000_000, 5_000_000, 7), 2_142_857_142_857_143)
    assert.equal(ceilOfProduct(2 ** 52, 2 ** 52, 1), Number.MAX_SAFE_INTEGER)
  })
})

describe('price book', () => {
  const row = (over: Partial<PriceRow>, input: number): PriceRow => ({
    destination: '*',
    model: '*',
    price: price({ input, output: input }),
    from: null,
    until: null,
    source: 'test',
    ...over,
  })

  test('the most exact row counts, then the youngest that is in force', () => {
    const book = priceBook(
      [
        row({}, 1),
        row({ model: 'm' }, 2),
        row({ destination: 'd' }, 3),
        row({ destination: 'd', model: 'm', until: 100 }, 4),
        row({ destination: 'd', model: 'm', from: 100 }, 5),
        row({ destination: 'd', model: 'm', from: 200, until: 300 }, 6),
      ],
      [],
    )
    const at = (destination: string, model: string, time: number): number | null | undefined =>
      book.priceOf(destination, model, time)?.input
    assert.deepEqual(
      [at('x', 'y', 0), at('x', 'm', 0), at('d', 'y', 0), at('d', 'm', 0), at('d', 'm', 100)],
      [1, 2, 3, 4, 5],
    )
    assert.deepEqual([at('d', 'm', 250), at('d', 'm', 300)], [6, 5])
    assert.equal(priceBook([row({ from: 10 }, 1)], []).priceOf('d', 'm', 9), null)
  })

  test('a rate that nobody told is unknown', () => {
    const book = priceBook([], [{ from: 'USD', to: 'EUR', rate: 920_000, source: 'test' }])
    assert.equal(book.rate('USD', 'EUR'), 920_000)
    assert.equal(book.rate('EUR', 'EUR'), 1_000_000)
    assert.equal(book.rate('EUR', 'USD'), null)
  })
})

describe('energy', () => {
  test('the formula gives the figures of its source', () => {
    // EcoLogits 0.9.3, 500 output tokens at a PUE of 1.2: 0.329 Wh for 70 billion parameters
    const rate = formulaRate({ active: 70, total: 70, pue: 1.2 })
    const microWh = energyOf(rate, used({ output: 500 }))
    assert.ok(Math.abs(microWh - 329_000) < 1500, String(microWh))
  })

  test('every constant has its figure, and a row finds by the most exact name', () => {
    for (const id of ENERGY_CONSTANTS) assert.ok((constantRate(id)?.output ?? 0) > 0, id)
    assert.equal(constantRate('nobody'), null)
    const rate = constantRate('llama-3.1-8b/1xH100')
    assert.ok(rate)
    // 0.119 J x 1000 tokens = 119 J = 33 mWh
    assert.equal(Math.round(energyOf(rate, used({ output: 1000 })) / 1000), 33)
    const find = energyBook([{ destination: 'gpu', model: '*', rate }])
    assert.equal(find('gpu', 'any'), rate)
    assert.equal(find('cloud', 'any'), null)
  })
})
