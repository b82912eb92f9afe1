import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { LiveQuotas } from './live-quotas.ts'
import { appliesTo, fits } from './quota-index.ts'
import { quotaFor, subjectFor } from './quota.fixture.ts'
import { counterKey, needsChoice, type Quota, type Subject } from './quota.ts'

const name = fc.constantFrom('ab', 'abc', 'b', 'xbc', 'a')
const pattern = fc.constantFrom('ab', 'a*', '*', 'ab*', '*c', 'a*c', 'b', '*b*')
const patterns = fc.array(pattern, { minLength: 1, maxLength: 2 })
const quota: fc.Arbitrary<Quota> = fc
  .record({
    id: fc.constantFrom('q1', 'q2', 'q3', 'q4', 'q5', 'q6'),
    tenant: fc.constantFrom(null, 'default', 'other'),
    per: fc.subarray(['key', 'team', 'model'] as const),
    match: fc.record({ key: patterns, team: patterns, model: patterns }, { requiredKeys: [] }),
  })
  .map((over) => quotaFor(over))
const subject: fc.Arbitrary<Subject> = fc
  .record({
    organisation: fc.constantFrom('default', 'other'),
    key: name,
    keyName: fc.option(name),
    team: fc.option(name),
  })
  .map((over) => subjectFor(over))

describe('the quotas of a request', () => {
  test('are those that speak of it, found among any others, also after changes', () => {
    const change = fc.record({ quota, isRemoved: fc.boolean() })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), subject, name, (changes, who, model) => {
        const live = new LiveQuotas()
        const kept = new Map<string, Quota>()
        for (const { quota: one, isRemoved } of changes) {
          const key = `${one.tenant} ${one.id}`
          if (isRemoved) {
            live.remove(one.tenant, one.id)
            kept.delete(key)
          } else {
            live.put(one)
            kept.set(key, one)
          }
        }
        const asked = { ...who, model, destination: 'd' }
        const all = [...kept.values()]
        const ofCaller = all.filter((one) => !needsChoice(one) && appliesTo(one, who))
        const ofChoice = all.filter((one) => needsChoice(one) && appliesTo(one, asked))
        assert.deepEqual(new Set(live.current.ofCaller.find(who)), new Set(ofCaller))
        assert.deepEqual(new Set(live.current.ofChoice.find(asked)), new Set(ofChoice))
        assert.equal(live.size, all.length)
      }),
      { numRuns: 1_000 },
    )
  })

  test('a star stands for any run of characters, and for nothing else', () => {
    const regular = (text: string): RegExp =>
      new RegExp(
        `^${text
          .split('*')
          .map((part) => part.replaceAll('.', '\\.'))
          .join('.*')}$`,
      )
    const text = fc.stringMatching(/^[ab*.]{0,8}$/)
    fc.assert(
      fc.property(text, fc.stringMatching(/^[ab.]{0,8}$/), (glob, candidate) => {
        assert.equal(fits(glob, candidate), regular(glob).test(candidate))
      }),
      { numRuns: 2_000 },
    )
  })

  test('a quota for each team does not count those who have none', () => {
    const each = quotaFor({ per: ['team'] })
    assert.equal(appliesTo(each, subjectFor({ team: null })), false)
    assert.equal(appliesTo(each, subjectFor({ team: 'sales' })), true)
  })

  test('two subjects never share a count, whatever their names hold', () => {
    const per = ['team', 'key'] as const
    const each = quotaFor({ per })
    const odd = fc.string({ unit: fc.constantFrom('a', '\u0001', '\u0002', ' ') })
    fc.assert(
      fc.property(odd, odd, (team, key) => {
        const one = counterKey(each, 'requests', subjectFor({ team, key }))
        assert.equal(one.split('\u0001').length, 6)
      }),
    )
  })
})
