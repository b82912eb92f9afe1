import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ENGINE_NAMES } from '#kernel/destination.ts'
import { assess, type Finding } from './assess.ts'
import { knowledgeOf } from './knowledge.ts'
import { productOf, resolveProduct, shippedProducts } from './products.ts'
import { ratingOf } from './rating.ts'
import type { VulnerabilityRecord } from './record.ts'
import { shippedVulnerabilities } from './shipped.ts'
import type { VexStatement } from './vex.ts'
import { isVersion } from './version-order.ts'

const shipped = knowledgeOf(shippedVulnerabilities().records, [])

const counting = (
  product: string,
  version: string | null,
  knowledge = shipped,
): readonly string[] =>
  assess(product, version, knowledge)
    .findings.filter(({ counts }) => counts)
    .map(({ vulnerability }) => vulnerability.id)

const found = (
  product: string,
  version: string | null,
  id: string,
  knowledge = shipped,
): Finding | undefined =>
  assess(product, version, knowledge).findings.find(({ vulnerability }) => vulnerability.id === id)

const statement = (more: Partial<VexStatement>): VexStatement => ({
  schema: 'ecluse-vex/1',
  vulnerabilities: ['CVE-2026-22778'],
  product: 'vllm',
  version: null,
  state: 'not_affected',
  justification: 'vulnerable_code_not_in_execute_path',
  statement: null,
  author: 'someone',
  timestamp: '2026-11-01T00:00:00Z',
  source: 'test',
  ...more,
})

describe('shipped data', () => {
  test('every row has a source that is named, a day, and a product that is known', () => {
    const { records } = shippedVulnerabilities()
    ok(records.length >= 130)
    for (const { id, affected, retrieved, references, basis } of records) {
      ok(
        affected.every(({ product }) => productOf(product) !== null),
        id,
      )
      ok(/^\d{4}-\d\d-\d\d$/.test(retrieved), id)
      ok(references.length > 0, id)
      ok(['read', 'second-hand', 'recalled'].includes(basis), id)
    }
  })

  test('every bound of a range that counts can be read by the scheme of its product', () => {
    for (const { id, affected } of shippedVulnerabilities().records) {
      for (const { product, ranges, versions, isKnown } of affected) {
        const { scheme } = productOf(product) ?? {}
        if (scheme === undefined || !isKnown) continue
        const bounds = ranges.flatMap(({ introduced, fixed }) => [introduced, fixed ?? '0'])
        for (const bound of [...bounds, ...versions]) {
          ok(bound === '0' || isVersion(scheme, bound), `${id} ${bound}`)
        }
      }
    }
  })

  test('names the engines that a configuration may name, and each release can be read', () => {
    for (const name of ENGINE_NAMES) ok(productOf(name), name)
    for (const { scheme, releases, id } of shippedProducts().products) {
      for (const { version } of releases?.versions ?? [])
        ok(isVersion(scheme, version), `${id} ${version}`)
    }
  })

  test('exactly three records give a score that their own vector does not', () => {
    const wrong = shipped.vulnerabilities
      .filter((one) => ratingOf(one).disagrees)
      .map(({ id }) => id)
    deepEqual(wrong.toSorted(), ['CVE-2024-0095', 'CVE-2024-34359', 'CVE-2025-29783'])
  })
})

describe('assess', () => {
  test('matches versions by the scheme of each engine', () => {
    ok(counting('vllm', '0.14.0').includes('CVE-2026-22778'))
    ok(!counting('vllm', '0.14.1').includes('CVE-2026-22778'))
    ok(!counting('vllm', '0.8.2').includes('CVE-2026-22778'))
    ok(counting('vllm', '0.14.1rc1').includes('CVE-2026-22778'))
    deepEqual(counting('ollama', '0.17.0'), ['CVE-2026-7482'])
    deepEqual(counting('ollama', '0.17.1'), [])
    ok(counting('llama.cpp', 'b8145').includes('CVE-2026-27940'))
    deepEqual(counting('llama.cpp', 'b8146'), [])
    deepEqual(counting('llama.cpp', 'v0.4.0'), [])
    ok(counting('litellm', '1.82.7').includes('MAL-2026-2144'))
    ok(!counting('litellm', '1.82.6').includes('MAL-2026-2144'))
    ok(counting('triton', '24.04').includes('CVE-2024-0095'))
    ok(!counting('triton', '24.05').includes('CVE-2024-0095'))
    // 2.45.0 is what the container 24.04 says of itself
    ok(counting('triton', '2.45.0').includes('CVE-2024-0095'))
    ok(!counting('triton', '2.46.0').includes('CVE-2024-0095'))
    equal(assess('triton', '2.59.0', shipped).version, '25.06')
  })

  test('a flaw of a companion of vLLM is none of vLLM', () => {
    equal(found('vllm', '0.2.0', 'CVE-2025-1953'), undefined)
    equal(
      resolveProduct({ kind: 'words', vendor: 'vllm-project', product: 'aibrix' })?.product.id,
      'aibrix',
    )
  })

  test('an unknown version is the worst of all that there are, and is said to be', () => {
    for (const version of [null, 'latest', '0.1.dev1+gabc', 'b1-unknown']) {
      const { cvss, version: known, findings } = assess('vllm', version, shipped)
      equal(known, null)
      equal(cvss, 10)
      ok(findings.every(({ standing }) => standing === 'possible' || standing === 'review'))
    }
    equal(assess('llama.cpp', 'b1-unknown', shipped).cvss, 10)
    // the numbers that Triton gives itself are not those of its advisories: those that nobody wrote down are unknown
    equal(assess('triton', '2.70.0', shipped).version, null)
    equal(assess('triton', '__proto__', shipped).version, null)
  })

  test('a version that nobody wrote down is to be looked at, and holds nothing up', () => {
    const open = found('ollama', '0.17.1', 'CVE-2025-63389')
    equal(open?.standing, 'review')
    equal(open?.counts, false)
  })

  test('a product that nobody looked at has no figure, and one without flaws has 0', () => {
    equal(assess('lm-studio', '0.3.5', shipped).cvss, null)
    equal(assess('no-such', '1', shipped).cvss, null)
    equal(assess('vllm', '0.33.0', shipped).cvss, 0)
  })

  test('what somebody found out changes what counts', () => {
    const under = (...statements: readonly VexStatement[]): Finding | undefined =>
      found('vllm', '0.14.0', 'CVE-2026-22778', { ...shipped, statements })
    equal(under(statement({}))?.counts, false)
    equal(under(statement({}))?.standing, 'not-affected')
    // by another of its names, and of this version alone
    equal(
      under(statement({ vulnerabilities: ['GHSA-4r2x-xpjr-7cvv'], version: '0.14.0' }))?.counts,
      false,
    )
    equal(under(statement({ version: '0.14.1' }))?.counts, true)
    equal(under(statement({ product: 'ollama' }))?.counts, true)
    // without a reason it lifts nothing
    equal(under(statement({ justification: null }))?.counts, true)
    equal(under(statement({ state: 'under_investigation' }))?.counts, true)
    equal(under(statement({ state: 'fixed', justification: null }))?.counts, false)
    // the newest counts
    const later = statement({ state: 'affected', timestamp: '2026-11-02T00:00:00Z' })
    equal(under(statement({}), later)?.counts, true)
    equal(under(later, statement({}))?.counts, true)
    // of one moment, and where nobody can tell when
    const same = statement({ state: 'affected' })
    equal(under(statement({}), same)?.counts, true)
    equal(under(same, statement({}))?.counts, true)
    const undated = statement({ timestamp: 'the day before' })
    equal(under(undated, same)?.counts, true)
    equal(under(same, undated)?.counts, true)
    const unaffected = { ...shipped, statements: [later] }
    equal(found('vllm', '0.33.0', 'CVE-2026-22778', unaffected)?.counts, true)
  })

  test('a record without a score counts as the worst, and one that is only recalled does not count', () => {
    const base = shippedVulnerabilities().records.find(({ id }) => id === 'CVE-2026-22778')
    ok(base)
    const alone = (more: Partial<VulnerabilityRecord>) =>
      assess('vllm', '0.14.0', knowledgeOf([{ ...base, ...more }], []))
    equal(alone({ scores: [] }).cvss, 10)
    equal(alone({ scores: [], severityWord: 'MODERATE' }).cvss, 6.9)
    equal(alone({ basis: 'recalled' }).cvss, 0)
    equal(alone({ withdrawn: true }).cvss, null)
  })

  test('records of one flaw by several names are one, and the worst of them counts', () => {
    const [one] = shippedVulnerabilities().records.filter(({ id }) => id === 'CVE-2026-22778')
    ok(one)
    const other: VulnerabilityRecord = {
      ...one,
      id: 'GHSA-4r2x-xpjr-7cvv',
      aliases: [],
      source: 'elsewhere',
      affected: [{ product: 'vllm', ranges: [], versions: ['0.15.0'], isKnown: true }],
    }
    const knowledge = knowledgeOf([other, one], [])
    deepEqual(
      knowledge.vulnerabilities.map(({ id }) => id),
      ['CVE-2026-22778'],
    )
    deepEqual(counting('vllm', '0.15.0', knowledge), ['CVE-2026-22778'])
    deepEqual(counting('vllm', '0.14.0', knowledge), ['CVE-2026-22778'])
  })
})
