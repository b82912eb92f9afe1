import { deepEqual, equal, notEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { canonicalJson, type JsonObject } from '#kernel/canonical-json.ts'
import { billsToLetGo, isKeptNow } from './bill-retention.ts'
import { composition, datedBill, packBill, unpackBill } from './kept-bill.ts'

const bom = (more: JsonObject = {}): JsonObject => ({
  bomFormat: 'CycloneDX',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  metadata: { timestamp: '2026-11-22T09:00:00.000Z', component: { name: 'ecluse' } },
  components: [{ 'bom-ref': 'a', name: 'é "\u0007' }],
  ...more,
})

describe('a kept bill', () => {
  test('has one digest whenever it is written, and another when anything else differs', () => {
    const { digest } = packBill(bom())
    const later = { timestamp: '2027-01-01T00:00:00.000Z', component: { name: 'ecluse' } }
    equal(packBill(bom({ serialNumber: 'urn:uuid:other', metadata: later })).digest, digest)
    equal(packBill(bom({ signature: { value: 'x' } })).digest, digest)
    notEqual(packBill(bom({ components: [] })).digest, digest)
    notEqual(packBill(bom({ metadata: { component: { name: 'other' } } })).digest, digest)
  })

  test('comes back as it was, under its time and its number', () => {
    const kept = unpackBill(packBill(bom()))
    deepEqual(kept, JSON.parse(canonicalJson(composition(bom()))))
    const dated = datedBill(
      kept ?? {},
      '2026-11-22T09:00:00.000Z',
      '3e671687-395b-41f5-a30f-a58921a69b79',
    )
    equal(canonicalJson(dated), canonicalJson(bom()))
  })

  test('is nothing once a byte of it is another, it is cut, or it is another bill', () => {
    const { digest, bytes } = packBill(bom())
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      const read = unpackBill({ digest, bytes: changed })
      // a changed bit of the packing may mean the same text: then it is what was kept
      if (read !== null) equal(packBill(read).digest, digest)
    }
    equal(unpackBill({ digest, bytes: bytes.slice(0, -1) }), null)
    equal(unpackBill({ digest, bytes: packBill(bom({ version: 2 })).bytes }), null)
    // a bomb is not unpacked to its end
    equal(unpackBill({ digest, bytes: deflateRawSync(Buffer.alloc(80 * 1024 * 1024)) }), null)
  })
})

const DAY = 86_400_000
const NOW = Date.parse('2026-11-22T00:00:00Z')

describe('what is let go', () => {
  test('of bills older than 400 days the last of each month stays', () => {
    const moments = ['2026-11-01', '2025-03-20', '2025-03-02', '2025-02-28', '2025-02-01'].map(
      (day) => ({ at: Date.parse(day), digest: day }),
    )
    deepEqual(isKeptNow(moments, NOW), [true, true, false, true, false])
    const kept = [...moments.map(({ digest }) => digest), 'of nothing']
    deepEqual(billsToLetGo(moments, kept, NOW), ['2025-03-02', '2025-02-01', 'of nothing'])
  })

  test('the newest one stays however old it is, and so does a bill that is in force again', () => {
    const old = NOW - 2000 * DAY
    deepEqual(isKeptNow([{ at: old, digest: 'a' }], NOW), [true])
    const again = [
      { at: old + 2, digest: 'a' },
      { at: old + 1, digest: 'b' },
      { at: old, digest: 'a' },
    ]
    deepEqual(billsToLetGo(again, ['a', 'b'], NOW), ['b'])
  })

  test('never goes below one bill for each month that had one, nor touches the last 400 days', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(days, (all) => {
        const moments = all
          .toSorted((a, b) => a - b)
          .map((ago) => ({ at: NOW - ago * DAY, digest: String(ago) }))
        const flags = isKeptNow(moments, NOW)
        const month = (at: number): string => new Date(at).toISOString().slice(0, 7)
        const kept = moments.filter((_, place) => flags[place])
        const months = (some: typeof moments) => new Set(some.map(({ at }) => month(at)))
        deepEqual(months(kept), months(moments))
        for (const one of moments) if (NOW - one.at < 400 * DAY) equal(kept.includes(one), true)
      }),
    )
  })
})
