import assert from 'node:assert/strict'
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { findFamily } from '../catalogue/find-family.ts'
import { importIndex, readImported } from './import-index.ts'
import {
  allRows,
  MOT_COMPONENTS,
  NOTHING_IMPORTED,
  OSAI_CRITERIA,
  shippedIndexes,
} from './index-file.ts'
import { mofClassOf, statesIn, viewsNamed, viewsOf } from './index-view.ts'
import { readIndexFile } from './read-index-file.ts'

const osai = (classes: Readonly<Record<string, string>>): string =>
  [
    'system: {name: Brume, link: "https://huggingface.co/acme/brume-7b", basemodelname: Brume-base,',
    '  endmodelname: Brume-7B, endmodellicense: Apache-2.0, releasedate: 2026-02}',
    'org: {name: Acme}',
    ...OSAI_CRITERIA.map((one) => `${one}: {class: ${classes[one] ?? 'open'}, link: , notes: }`),
  ].join('\n')

const mot = (components: string, licence = 'license: {distribution: {name: Apache-2.0}}'): string =>
  [
    'framework: {name: Model Openness Framework, version: "1.0"}',
    'release:',
    '  name: Brume',
    '  producer: Acme',
    `  ${licence}`,
    '  components:',
    components,
  ].join('\n')

const listed = (names: readonly string[], rest = ''): string =>
  names.map((name) => `    - {name: "${name}"${rest}}`).join('\n')

const BASIC = [
  'Model architecture',
  'Model parameters (Final)',
  'Research paper',
  'Evaluation results',
  'Model card',
  'Data card',
]

void describe('indexes of openness', () => {
  void test('every shipped row has an id of its own and a letter for each criterion, with source and licence told', () => {
    const { osai: european, mot: tool, sources } = shippedIndexes()
    const ids = [...european, ...tool].map(({ id }) => id)
    assert.deepEqual([european.length, tool.length, new Set(ids).size], [193, 273, 466])
    assert.deepEqual(
      sources.map(({ licence }) => licence),
      ['CC-BY-4.0', 'MIT'],
    )
    assert.ok(sources.every(({ attribution }) => attribution.length > 20))
  })

  void test('a file of the European index becomes a row, its classes letters', () => {
    const read = readIndexFile(osai({ datasheet: 'partial', paper: 'closed' }), 'Brume')
    assert.ok(read.ok)
    assert.deepEqual(read.value, {
      id: 'osai:Brume',
      name: 'Brume',
      developer: 'Acme',
      licence: 'Apache-2.0',
      base: 'Brume-base',
      end: 'Brume-7B',
      release: '2026-02',
      values: 'oooooooocopo',
      link: 'https://huggingface.co/acme/brume-7b',
    })
    assert.equal(statesIn(read.value).data_information, 'partial')
    assert.equal(statesIn(read.value).paper, 'open', 'a preprint is a paper')
  })

  void test('a class that is none, a missing criterion and a missing name are told by the name of the field', () => {
    const bad = readIndexFile(osai({ trainingcode: 'mostly' }), 'x')
    assert.deepEqual(bad, {
      ok: false,
      error: { code: 'criterion-missing', field: 'trainingcode.class' },
    })
    const nameless = readIndexFile(osai({}).replace('name: Brume,', ''), 'x')
    assert.deepEqual(nameless, { ok: false, error: { code: 'no-name', field: 'system.name' } })
  })

  void test('a file of the tool takes the licence of the component, then of its kind, then of the whole', () => {
    const kinds = 'license: {code: {name: MIT}, data: {name: Llama 3 Community License}}'
    const whole = readIndexFile(mot(listed(BASIC)), 'Brume')
    const byKind = readIndexFile(mot(listed(BASIC), kinds), 'Brume')
    const own = readIndexFile(mot(listed(BASIC, ', license_name: CC-BY-NC-4.0')), 'Brume')
    assert.ok(whole.ok && byKind.ok && own.ok)
    assert.deepEqual(
      [whole.value.values, byKind.value.values, own.value.values],
      ['oo-ooo------o----', 'ou-uuu------u----', 'uu-uuu------u----'],
    )
    assert.deepEqual(
      [whole, byKind, own].map(({ value }) => mofClassOf(value)),
      [3, null, null],
    )
  })

  void test('what the tool lists as not included is not there, however it is written', () => {
    const words = [
      'Component not included',
      'Component Not Included',
      'Component Component not included',
    ]
    for (const word of words) {
      const read = readIndexFile(mot(listed(BASIC, `, license_name: "${word}"`)), 'x')
      assert.ok(read.ok)
      assert.equal(read.value.values, '-'.repeat(17))
    }
  })

  void test('a class of the framework wants all of the classes below it', () => {
    const of = (names: readonly string[]): number | null =>
      mofClassOf({
        values: MOT_COMPONENTS.map((one) => (names.includes(one) ? 'o' : '-')).join(''),
      })
    const code = ['Training code', 'Inference code', 'Evaluation code', 'Evaluation data']
    const science = ['Datasets', 'Data preprocessing code', 'Model parameters (Intermediate)']
    assert.deepEqual(
      [
        of(code),
        of(BASIC),
        of([...BASIC, ...code]),
        of([...BASIC, ...science]),
        of([...BASIC, ...code, ...science]),
      ],
      [null, 3, 2, 3, 1],
    )
  })

  void test('no text makes the reader throw, and what it reads is a row', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.constantFrom('release: {components: 1}', 'a: &a [*a, *a]', 'system: []'),
        ),
        (text) => {
          const read = readIndexFile(text, 'x')
          assert.ok(!read.ok || /^(?:osai|mot):x$/.test(read.value.id))
        },
      ),
    )
  })

  void test('anchors are refused: a small file cannot become a large one', () => {
    const bomb = 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nsystem: {name: x}'
    assert.deepEqual(readIndexFile(bomb, 'x'), {
      ok: false,
      error: { code: 'not-yaml', field: null },
    })
  })

  void test('beside our evidence it is told where an index says something else', () => {
    const family = findFamily('lucie')
    assert.ok(family)
    const views = viewsOf(family, NOTHING_IMPORTED)
    const european = views.find(({ row }) => row.id === 'osai:Lucie')
    assert.deepEqual(european?.differs, [
      { component: 'data_information', ours: 'open', theirs: 'partial' },
    ])
    assert.equal(european.score, 10)
    assert.ok(viewsNamed('CodeUp', NOTHING_IMPORTED).length > 0, 'a model beyond the catalogue')
  })

  void test('what somebody else made from a model says nothing of that model', () => {
    const idsOf = (id: string): readonly string[] => {
      const family = findFamily(id)
      assert.ok(family)
      return viewsOf(family, NOTHING_IMPORTED).map(({ row }) => row.id)
    }
    assert.ok(!idsOf('qwen-2.5').includes('osai:Guru'))
    assert.ok(!idsOf('llama-3.1').includes('osai:Llama-Sherkala'))
    assert.ok(!idsOf('pythia').includes('osai:Open-Assistant'))
    assert.ok(idsOf('open-assistant').includes('osai:Open-Assistant'))
    assert.ok(idsOf('olmo-1').includes('mot:OLMo-7B-hf'))
    assert.ok(idsOf('smollm-3').includes('osai:smollm'))
    assert.ok(idsOf('stable-diffusion-3.5').includes('osai:stable-diffusion'))
  })

  void test('what is imported is kept, over the shipped row of its id and over an earlier import, and nothing else changes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecluse-index-'))
    try {
      const from = join(folder, 'files')
      const to = join(folder, 'home', 'openness-index.json')
      mkdirSync(from)
      writeFileSync(join(from, 'Brume.yaml'), osai({}))
      writeFileSync(join(from, 'Amber.yml'), mot(listed(BASIC)))
      writeFileSync(join(from, 'broken.yaml'), 'a: [')
      writeFileSync(join(from, 'README.md'), 'not looked at')
      const first = await importIndex([from], to)
      assert.deepEqual(
        [first.rows, first.known, first.problems.map(({ code }) => code)],
        [2, 2, ['not-yaml']],
      )
      writeFileSync(join(from, 'Brume.yaml'), osai({ licenses: 'closed' }))
      const second = await importIndex([join(from, 'Brume.yaml'), join(from, 'gone.yaml')], to)
      assert.deepEqual([second.rows, second.known, second.problems[0]?.code], [1, 2, 'unreadable'])
      const imported = await readImported(to)
      assert.equal(imported.osai[0]?.values.at(-1), 'c')
      const rows = allRows(imported)
      assert.deepEqual(
        [rows.length, rows.find(({ id }) => id === 'mot:Amber')?.name],
        [467, 'Brume'],
      )
      const before = readFileSync(to, 'utf8')
      assert.equal((await importIndex([join(from, 'broken.yaml')], to)).rows, 0)
      assert.equal(readFileSync(to, 'utf8'), before)
      writeFileSync(to, '{"version": 1')
      assert.deepEqual(await readImported(to), NOTHING_IMPORTED)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
