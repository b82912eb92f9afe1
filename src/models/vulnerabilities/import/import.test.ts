import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { anything, assert, object, property } from 'fast-check'
import { assess } from '../assess.ts'
import { keep, keptStamp, readKept } from '../kept.ts'
import { knowledgeOf } from '../knowledge.ts'
import { readDocument, type ReadDocument } from './read-document.ts'
import { readPath } from './read-path.ts'

const ORIGIN = { source: 'test.json', retrieved: '2026-11-22' }
const VECTOR = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'

const read = (value: unknown): ReadDocument => {
  const document = readDocument(value, ORIGIN)
  ok(document)
  return document
}

const cvssOf = (document: ReadDocument, product: string, version: string): number | null =>
  assess(product, version, knowledgeOf(document.records, document.statements)).cvss

const osv = (more: object = {}): object => ({
  schema_version: '1.7.5',
  id: 'GHSA-aaaa-bbbb-cccc',
  modified: '2026-10-01T00:00:00Z',
  aliases: ['CVE-2026-99999'],
  summary: 'A flaw\u001b[31m of\nthe engine.',
  severity: [{ type: 'CVSS_V3', score: VECTOR }],
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'VLLM' },
      ranges: [
        {
          type: 'ECOSYSTEM',
          events: [
            { introduced: '0.9.0' },
            { fixed: '0.9.5' },
            { introduced: '0.10.0' },
            { last_affected: '0.10.2' },
          ],
        },
      ],
      versions: ['0.30.0'],
    },
    { package: { ecosystem: 'Debian:12', name: 'vllm' }, versions: ['1'] },
  ],
  ...more,
})

describe('OSV', () => {
  test('ranges, last affected versions and single versions are kept, and no escape sequence', () => {
    const document = read(osv())
    equal(document.kind, 'osv')
    equal(document.records[0]?.summary, 'A flaw [31m of the engine.')
    const expected = {
      '0.8.9': 0,
      '0.9.0': 9.8,
      '0.9.5': 0,
      '0.10.2': 9.8,
      '0.10.3': 0,
      '0.30.0': 9.8,
    }
    for (const [version, cvss] of Object.entries(expected))
      equal(cvssOf(document, 'vllm', version), cvss, version)
  })

  test('what is about other packages is counted and left, and a package without ranges is to be looked at', () => {
    const other = read(osv({ affected: [{ package: { ecosystem: 'npm', name: 'left-pad' } }] }))
    deepEqual([other.records.length, other.others], [0, 1])
    const bare = read(osv({ affected: [{ package: { ecosystem: 'PyPI', name: 'vllm' } }] }))
    equal(bare.records[0]?.affected[0]?.isKnown, false)
    equal(cvssOf(bare, 'vllm', '0.9.0'), 0)
  })

  test('a withdrawn record counts no more', () => {
    const document = read(osv({ withdrawn: '2026-10-02T00:00:00Z' }))
    equal(cvssOf(document, 'vllm', '0.9.0'), null)
  })
})

const cve = (affected: object, metrics: readonly object[] = []): object => ({
  dataType: 'CVE_RECORD',
  dataVersion: '5.2',
  cveMetadata: {
    cveId: 'CVE-2026-99998',
    state: 'PUBLISHED',
    datePublished: '2026-10-01T00:00:00Z',
  },
  containers: {
    cna: {
      title: 'A flaw',
      affected: [affected],
      metrics,
      descriptions: [{ lang: 'en', value: 'A flaw.' }],
      references: [{ url: 'https://example.org/1' }],
      providerMetadata: { shortName: 'CNA' },
    },
  },
})

describe('CVE JSON 5', () => {
  test('reads ranges written as the schema wants, and as GitHub writes them', () => {
    const versions = [
      { version: '0.8.3', lessThan: '0.14.1', status: 'affected', versionType: 'python' },
    ]
    const written = [{ version: '>= 0.8.3, < 0.14.1', status: 'affected' }]
    for (const one of [versions, written]) {
      const metrics = [{ cvssV3_1: { vectorString: VECTOR, baseScore: 10 } }]
      const document = read(
        cve({ vendor: 'vllm-project', product: 'vllm', versions: one }, metrics),
      )
      equal(cvssOf(document, 'vllm', '0.14.0'), 9.8)
      equal(cvssOf(document, 'vllm', '0.14.1'), 0)
      equal(cvssOf(document, 'vllm', '0.8.2'), 0)
      // the score beside the vector is wrong, and is kept as what it is
      deepEqual(document.records[0]?.scores, [{ vector: VECTOR, recorded: 10, by: 'CNA' }])
    }
  })

  test('a range that ends nowhere is to be looked at', () => {
    const document = read(
      cve({
        vendor: 'ollama',
        product: 'ollama/ollama',
        versions: [{ version: 'unspecified', lessThanOrEqual: 'latest', status: 'affected' }],
      }),
    )
    equal(document.records[0]?.affected[0]?.isKnown, false)
  })

  test('a product is found by its CPE too, and a rejected record does not count', () => {
    const affected = {
      cpes: ['cpe:2.3:a:ollama:ollama:*:*:*:*:*:*:*:*'],
      versions: [{ version: '0.1', status: 'affected' }],
    }
    equal(cvssOf(read(cve(affected)), 'ollama', '0.1.0'), 10)
    const rejected = {
      ...cve(affected),
      cveMetadata: { cveId: 'CVE-2026-99998', state: 'REJECTED' },
    }
    equal(cvssOf(read(rejected), 'ollama', '0.1.0'), null)
  })
})

const csaf = (status: object, more: object = {}): object => ({
  document: {
    category: 'csaf_security_advisory',
    csaf_version: '2.0',
    title: 'Advisory',
    publisher: { name: 'NVIDIA', category: 'vendor', namespace: 'https://example.org' },
    tracking: {
      id: 'A-1',
      current_release_date: '2026-10-02T00:00:00Z',
      initial_release_date: '2026-10-01T00:00:00Z',
    },
  },
  product_tree: {
    branches: [
      {
        category: 'vendor',
        name: 'NVIDIA',
        branches: [
          {
            category: 'product_name',
            name: 'Triton Inference Server',
            branches: [
              {
                category: 'product_version_range',
                name: 'vers:generic/>=23.01|<25.07',
                product: { name: 'Triton', product_id: 'P1' },
              },
              {
                category: 'product_version',
                name: '25.07',
                product: { name: 'Triton 25.07', product_id: 'P2' },
              },
            ],
          },
        ],
      },
    ],
  },
  vulnerabilities: [
    {
      cve: 'CVE-2026-99997',
      scores: [{ cvss_v3: { vectorString: VECTOR, baseScore: 9.8 }, products: ['P1'] }],
      product_status: status,
      ...more,
    },
  ],
})

describe('CSAF 2.0', () => {
  test('reads affected ranges of a product tree', () => {
    const document = read(csaf({ known_affected: ['P1'], fixed: ['P2'] }))
    equal(cvssOf(document, 'triton', '24.05'), 9.8)
    equal(cvssOf(document, 'triton', '25.07'), 0)
    equal(cvssOf(document, 'triton', '22.12'), 0)
    deepEqual(
      document.statements.map(({ state, version }) => [state, version]),
      [['fixed', '25.07']],
    )
  })

  test('not affected is a statement with its flag as the reason', () => {
    const flags = [{ label: 'component_not_present', product_ids: ['P2'] }]
    const [statement] = read(csaf({ known_not_affected: ['P2'] }, { flags })).statements
    deepEqual(
      [statement?.state, statement?.justification],
      ['not_affected', 'component_not_present'],
    )
  })

  test('a range in words that nobody can read is to be looked at', () => {
    const text = JSON.stringify(csaf({ known_affected: ['P1'] })).replace(
      'vers:generic/>=23.01|<25.07',
      'All versions prior to the fix',
    )
    equal(read(JSON.parse(text)).records[0]?.affected[0]?.isKnown, false)
  })
})

describe('VEX', () => {
  test('OpenVEX speaks of products by package URL', () => {
    const { statements, others } = read({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': 'https://example.org/vex-1',
      author: 'Security',
      timestamp: '2026-11-01T00:00:00Z',
      version: 1,
      statements: [
        {
          vulnerability: { name: 'CVE-2026-22778' },
          products: [{ '@id': 'pkg:pypi/vllm@0.14.0' }, { '@id': 'pkg:oci/other' }],
          status: 'not_affected',
          justification: 'inline_mitigations_already_exist',
        },
      ],
    })
    deepEqual([statements.length, others], [1, 1])
    deepEqual([statements[0]?.product, statements[0]?.version], ['vllm', '0.14.0'])
  })

  test('CycloneDX analyses speak of components by their reference', () => {
    const { statements } = read({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { timestamp: '2026-11-01T00:00:00Z' },
      components: [
        {
          type: 'application',
          'bom-ref': 'e1',
          name: 'ollama',
          version: '0.17.0',
          purl: 'pkg:golang/github.com/ollama/ollama@0.17.0',
        },
      ],
      vulnerabilities: [
        {
          id: 'CVE-2026-7482',
          analysis: { state: 'false_positive', justification: 'code_not_reachable', detail: 'x' },
          affects: [{ ref: 'e1' }],
        },
        { id: 'CVE-2026-7483', affects: [{ ref: 'e1' }] },
      ],
    })
    deepEqual(
      statements.map(({ product, version, state, justification }) => [
        product,
        version,
        state,
        justification,
      ]),
      [['ollama', '0.17.0', 'not_affected', 'vulnerable_code_not_in_execute_path']],
    )
  })
})

describe('hostile documents', () => {
  test('anything at all is a document or none, and no exception', () => {
    const heads = [
      {},
      { dataType: 'CVE_RECORD' },
      { document: { csaf_version: '2.0' } },
      { bomFormat: 'CycloneDX' },
      { '@context': 'https://openvex.dev/ns' },
      { id: 'X', modified: '2026' },
    ]
    assert(
      property(object({ values: [anything()] }), (junk) => {
        for (const head of heads) readDocument({ ...junk, ...head }, ORIGIN)
        readDocument(osv(junk), ORIGIN)
      }),
    )
  })

  test('branches and components beyond every depth are left, not followed', () => {
    let branch: object = {
      category: 'product_name',
      name: 'vllm',
      product: { name: 'vllm', product_id: 'P1' },
    }
    for (let i = 0; i < 200; i += 1) branch = { category: 'x', name: 'x', branches: [branch] }
    const deep = { ...csaf({ known_affected: ['P1'] }), product_tree: { branches: [branch] } }
    equal(readDocument(deep, ORIGIN)?.records.length, 0)
  })
})

describe('the data directory', () => {
  test('a folder is read file by file, kept, read again, and replaced by a later import', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'vuln-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const from = join(folder, 'in')
    const home = join(folder, 'home')
    mkdirSync(join(from, 'deep'), { recursive: true })
    writeFileSync(join(from, 'deep', 'a.json'), JSON.stringify(osv()))
    writeFileSync(
      join(from, 'b.json'),
      JSON.stringify([osv({ id: 'CVE-2026-1' }), osv({ id: 'CVE-2026-2' })]),
    )
    writeFileSync(join(from, 'c.json'), '{"id": "x')
    writeFileSync(join(from, 'd.txt'), 'not looked at')
    symlinkSync('/etc/hostname', join(from, 'e.json'))
    equal(await keptStamp(home), null)
    const found = await readPath(from, '2026-11-22')
    ok(found)
    deepEqual([found.records.length, found.unread], [3, ['c.json']])
    await keep(home, found)
    const first = await readKept(home)
    deepEqual([first.records.length, first.broken], [3, []])
    await keep(home, found)
    equal((await readKept(home)).records.length, 3)
    ok(await keptStamp(home))
    writeFileSync(join(home, 'records', 'broken.json'), '{}')
    deepEqual((await readKept(home)).broken, ['broken.json'])
    equal(await readPath(join(folder, 'nowhere'), '2026-11-22'), null)
  })

  test('an id that would leave the folder is refused, not written', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'vuln-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'x.json')
    writeFileSync(file, JSON.stringify(osv({ id: '../../etc/passwd' })))
    const found = await readPath(file, '2026-11-22')
    deepEqual([found?.records.length, found?.unreadCount], [0, 1])
  })
})
