import { deepEqual, equal } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { standingOf } from '../assess.ts'
import { keep, readKept } from '../kept.ts'
import { productOf } from '../products.ts'
import { readDocument } from './read-document.ts'
import { readPath } from './read-path.ts'

const ORIGIN = { source: 'test', retrieved: '2026-11-22' }

/** How a version of a product stands by a document: the first letter of each standing, in the order of the versions. */
function standings(product: string, document: unknown, versions: readonly string[]): string {
  const known = productOf(product)
  const [record] = readDocument(document, ORIGIN)?.records ?? []
  if (!known || !record) return 'none'
  return versions.map((version) => standingOf(record, known, version).charAt(0)).join('')
}

const cve = (cna: object, adp: readonly object[] = []): unknown => ({
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: { cveId: 'CVE-2026-1', state: 'PUBLISHED' },
  containers: { cna: { descriptions: [{ lang: 'en', value: 'x' }], ...cna }, adp },
})
const vllm = (versions: readonly object[], more: object = {}): unknown =>
  cve({ affected: [{ vendor: 'vllm-project', product: 'vllm', versions, ...more }] })
const affected = (more: object) => ({ status: 'affected', ...more })

describe('records of the CVE list', () => {
  test('ranges in words, as makers write them', () => {
    const triton = (version: string): unknown =>
      cve({
        affected: [
          {
            vendor: 'nvidia',
            product: 'NVIDIA Triton Inference Server',
            defaultStatus: 'unaffected',
            versions: [affected({ version })],
          },
        ],
      })
    const at = ['22.08', '22.09', '24.01', '24.03', '24.04']
    equal(standings('triton', triton('22.09 to 24.03'), at), 'naaan')
    equal(standings('triton', triton('All versions prior to 24.04'), at), 'aaaan')
    equal(standings('triton', triton('versions up to and including 24.01'), at), 'aaann')
    equal(standings('triton', triton('24.01 and earlier'), at), 'aaann')
    // words that nobody can compare are for a person to look at
    equal(standings('triton', triton('some builds of spring'), at), 'rrrrr')
  })

  test('what changes on the way, what is unaffected from a version on, and what is a commit', () => {
    const at = ['0.6.4', '0.6.5', '0.8.4', '0.8.5', '0.9.0', '0.10.0']
    const changes = [
      { at: '0.8.5', status: 'unaffected' },
      { at: '0.9.0', status: 'affected' },
    ]
    const row = affected({ version: '0.6.5', lessThan: '0.10.0', versionType: 'python', changes })
    equal(standings('vllm', vllm([row]), at), 'naanan')
    const since = { version: '0.8.5', lessThan: '*', status: 'unaffected' }
    equal(standings('vllm', vllm([since], { defaultStatus: 'affected' }), at), 'aaannn')
    const commit = affected({ version: 'a5450f11', lessThan: 'b72942fa', versionType: 'git' })
    equal(standings('vllm', vllm([commit]), at), 'rrrrrr')
    const both = [commit, affected({ version: '0.6.5', lessThanOrEqual: '0.8.4' })]
    equal(standings('vllm', vllm(both), at), 'raarrr')
    equal(standings('vllm', vllm([affected({ version: '0.8.4' })]), ['0.8.4+cu128', '0.8.5']), 'an')
  })

  test('CPE names of 5.1 count where the list of versions says nothing', () => {
    const cpeApplicability = [
      {
        nodes: [
          {
            operator: 'OR',
            negate: false,
            cpeMatch: [
              {
                vulnerable: true,
                criteria: 'cpe:2.3:a:ollama:ollama:*:*:*:*:*:*:*:*',
                versionStartIncluding: '0.1.0',
                versionEndExcluding: '0.1.34',
              },
              { vulnerable: false, criteria: 'cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*' },
            ],
          },
        ],
      },
    ]
    const nothing = { vendor: 'n/a', product: 'n/a', versions: [affected({ version: 'n/a' })] }
    const document = cve({ affected: [nothing] }, [{ cpeApplicability }])
    equal(standings('ollama', document, ['0.0.9', '0.1.33', '0.1.34']), 'nan')
    const listed = { vendor: 'ollama', product: 'ollama' }
    const other = [affected({ version: '0', lessThan: '0.2.0' })]
    const both = cve({ affected: [{ ...listed, versions: other }], cpeApplicability })
    equal(standings('ollama', both, ['0.1.33', '0.1.34', '0.2.0']), 'aan')
  })
})

test('a number that its list takes back withdraws what was imported under it, from whatever file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ecluse-rejected-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, document: unknown): string => {
    const path = join(folder, name)
    writeFileSync(path, JSON.stringify(document))
    return path
  }
  const kept = join(folder, 'kept')
  const bring = async (path: string): Promise<readonly (readonly [string, boolean])[]> => {
    const read = await readPath(path, '2026-11-22')
    if (read !== null) await keep(kept, read)
    return (await readKept(kept)).records.map(({ id, withdrawn }) => [id, withdrawn] as const)
  }
  const range = [affected({ version: '0', lessThan: '0.8.5' })]
  deepEqual(await bring(write('a.json', vllm(range))), [['CVE-2026-1', false]])
  const rejected = {
    dataType: 'CVE_RECORD',
    cveMetadata: { cveId: 'CVE-2026-1', state: 'REJECTED' },
    containers: { cna: { rejectedReasons: [{ lang: 'en', value: 'no flaw' }] } },
  }
  deepEqual(await bring(write('b.json', rejected)), [['CVE-2026-1', true]])
})

describe('records of OSV', () => {
  const osv = (events: readonly object[], more: object = {}): unknown => ({
    id: 'GHSA-1',
    modified: '2026-01-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'vllm' },
        ranges: [{ type: 'ECOSYSTEM', events }],
        ...more,
      },
    ],
  })
  const at = ['0.6.4', '0.6.5', '0.8.4', '0.8.5', '0.8.5.post1', '0.9.0rc1', '0.9.0']

  test('events in any order, several ranges in one, and a last one that is its first', () => {
    const events = [
      { fixed: '0.8.5' },
      { introduced: '0.9.0rc1' },
      { introduced: '0.6.5' },
      { fixed: '0.9.0' },
    ]
    equal(standings('vllm', osv(events), at), 'naannan')
    equal(
      standings('vllm', osv([{ last_affected: '0.8.4' }, { introduced: '0.8.4' }]), at),
      'nnannnn',
    )
    equal(standings('vllm', osv([{ introduced: '0' }, { limit: '0.9.0' }]), at), 'aaaaaaa')
  })

  test('an end that GitHub tells beside a range without one', () => {
    const open = [{ introduced: '0' }]
    const told = { database_specific: { last_known_affected_version_range: '<= 0.8.4' } }
    equal(standings('vllm', osv(open, told), at), 'aaannnn')
    equal(standings('vllm', osv(open), at), 'aaaaaaa')
  })

  test('commits alone are for a person; a withdrawn record is kept as such', () => {
    const git = { ranges: [{ type: 'GIT', repo: 'https://x', events: [{ introduced: '0' }] }] }
    equal(standings('vllm', osv([], git), ['0.8.4']), 'r')
    equal(standings('vllm', osv([], { ...git, versions: ['0.8.4'] }), ['0.8.4', '0.8.5']), 'an')
    const withdrawn = { ...Object(osv([{ introduced: '0' }])), withdrawn: '2026-02-01T00:00:00Z' }
    deepEqual(
      readDocument(withdrawn, ORIGIN)?.records.map((one) => one.withdrawn),
      [true],
    )
  })
})

describe('statements', () => {
  const statements = (document: unknown): unknown =>
    readDocument(document, ORIGIN)?.statements.map(({ product, version, state }) => [
      product,
      version,
      state,
    ])
  const csaf = (status: object): unknown => ({
    document: {
      csaf_version: '2.0',
      category: 'csaf_vex',
      title: 't',
      publisher: { name: 'p' },
      tracking: {
        id: 'X-1',
        current_release_date: '2026-01-01T00:00:00Z',
        initial_release_date: '2026-01-01T00:00:00Z',
      },
    },
    product_tree: {
      branches: [
        {
          category: 'product_name',
          name: 'vLLM',
          branches: [
            {
              category: 'product_version',
              name: '0.8.4',
              product: { name: 'vLLM 0.8.4', product_id: 'P' },
            },
            {
              category: 'product_version_range',
              name: 'All versions prior to 0.8.5',
              product: { name: 'vLLM', product_id: 'W' },
            },
          ],
        },
      ],
      relationships: [
        {
          category: 'installed_on',
          product_reference: 'P',
          relates_to_product_reference: 'OS',
          full_product_name: { name: 'vLLM on an OS', product_id: 'OS:P' },
        },
      ],
    },
    vulnerabilities: [{ cve: 'CVE-2026-1', product_status: status }],
  })

  test('what is mended inside a product of somebody else lifts nothing of the engine itself', () => {
    deepEqual(statements(csaf({ known_not_affected: ['OS:P'], fixed: ['OS:P'] })), [])
    deepEqual(statements(csaf({ known_not_affected: ['P'] })), [['vllm', '0.8.4', 'not_affected']])
    equal(standings('vllm', csaf({ known_affected: ['OS:P'] }), ['0.8.4', '0.8.5']), 'an')
    equal(standings('vllm', csaf({ known_affected: ['W'] }), ['0.8.4', '0.8.5']), 'an')
  })

  test('of CycloneDX hold for the versions that they name, and for no range', () => {
    const cyclonedx = (versions: readonly object[] | undefined): unknown => ({
      bomFormat: 'CycloneDX',
      components: [{ 'bom-ref': 'v', purl: 'pkg:pypi/vllm' }],
      vulnerabilities: [
        {
          id: 'CVE-2026-1',
          analysis: { state: 'not_affected' },
          affects: [{ ref: 'v', ...(versions === undefined ? {} : { versions }) }],
        },
      ],
    })
    deepEqual(statements(cyclonedx(undefined)), [['vllm', null, 'not_affected']])
    deepEqual(statements(cyclonedx([{ version: '0.8.4', status: 'unaffected' }])), [
      ['vllm', '0.8.4', 'not_affected'],
    ])
    const others = [
      { version: '0.7.0', status: 'affected' },
      { range: 'vers:pypi/<0.8', status: 'unaffected' },
    ]
    deepEqual(statements(cyclonedx(others)), [])
  })
})
