import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findLicence } from '../licences/licence.ts'
import { COMPONENTS, STATES, shippedCatalogue } from './family.ts'
import { findFamily } from './find-family.ts'
import { gradeOf } from './grade-family.ts'
import { grade, type ComponentStates } from './grade.ts'

test('every row has the level that its evidence gives, a source, and a licence that is known', () => {
  const { families, sources } = shippedCatalogue()
  assert.ok(families.length >= 158)
  for (const family of families) {
    const graded = gradeOf(family)
    assert.equal(graded.level, family.level, family.id)
    assert.equal(graded.text, family['grade'], family.id)
    assert.equal(graded.strictOpenSource, family['strictOsi'], family.id)
    assert.equal(graded.level === 1, family.access !== undefined, family.id)
    const stands = [
      ...family.sources,
      ...Object.values(family.evidence).map(({ source }) => source),
    ]
    assert.ok(
      stands.every((id) => id === null || Object.hasOwn(sources, id)),
      family.id,
    )
    if (family.licence.id !== null)
      assert.equal(findLicence(family.licence.id)?.letter, family.letter, family.id)
  }
  assert.equal(new Set(families.map(({ id }) => id)).size, families.length)
})

test('the families that the field names stand at their known grades', () => {
  const text = (id: string): string => {
    const family = shippedCatalogue().families.find((one) => one.id === id)
    assert.ok(family, id)
    return gradeOf(family).text
  }
  const known = {
    'llama-3': '3·C',
    'llama-4': '3·C',
    'command-r-plus': '4·N',
    'stable-diffusion-2': '4·R',
    bloom: '5·R',
    pythia: '6·O',
    t5: '6·O',
    'dolly-2': '6·O',
  }
  for (const [id, expected] of Object.entries(known)) assert.equal(text(id), expected, id)
})

/** The worked examples of the six-level rule, by hand: what is known of each, its letter, and what must come out. */
const WORKED: readonly (readonly [string, ComponentStates, 'O' | 'R' | 'C' | 'N' | 'X', string])[] =
  [
    ['nothing outside the house', { weights: 'closed' }, 'X', '1·X'],
    ['an API alone, with a paper', { weights: 'closed', paper: 'open' }, 'X', '2·X'],
    // Llama 3 and 4: the code that is published runs the model, and does not count
    ['gated weights, inference code', { weights: 'partial', inference_code: 'open' }, 'C', '3·C'],
    [
      'a paper and a card on top',
      { weights: 'open', paper: 'open', model_card: 'open' },
      'O',
      '3·O',
    ],
    ['results without the set-up', { weights: 'open', evaluation: 'partial' }, 'O', '3·O'],
    // Command R+: the tuning data (Aya) is there, the rest is not
    ['some tuning data', { weights: 'open', finetuning_data: 'open' }, 'N', '4·N'],
    // Stable Diffusion 2: part of LAION, a datasheet, no training code
    [
      'part of the data with a datasheet',
      { weights: 'open', training_data: 'partial', data_information: 'open' },
      'R',
      '4·R',
    ],
    ['released evaluation', { weights: 'open', evaluation: 'open' }, 'O', '4·O'],
    [
      'code and an account of the data, without the data',
      { weights: 'open', training_code: 'open', data_information: 'open' },
      'O',
      '5·O',
    ],
    [
      'the same behind a gate',
      { weights: 'partial', training_code: 'open', data_information: 'open' },
      'O',
      '4·O',
    ],
    // BLOOM: everything is there, its licence restricts what it may be used for
    [
      'everything under a licence that restricts use',
      {
        weights: 'open',
        training_code: 'open',
        data_information: 'open',
        training_data: 'open',
      },
      'R',
      '5·R',
    ],
    // Pythia, T5, Dolly 2
    [
      'everything',
      {
        weights: 'open',
        training_code: 'open',
        data_information: 'open',
        training_data: 'open',
        finetuning_data: 'open',
      },
      'O',
      '6·O',
    ],
    [
      'everything but the tuning data',
      {
        weights: 'open',
        training_code: 'open',
        data_information: 'open',
        training_data: 'open',
        finetuning_data: 'unknown',
      },
      'O',
      '5·O',
    ],
  ]

test('the worked examples of the six levels come out as they were worked', () => {
  for (const [what, states, letter, expected] of WORKED)
    assert.equal(grade(states, letter, expected !== '1·X').text, expected, what)
})

test('each level says what lifts it there, and what the next one wants', () => {
  for (const family of shippedCatalogue().families) {
    const { level, liftedBy, blockedBy } = gradeOf(family)
    assert.equal(liftedBy.length === 0, level <= 2, family.id)
    for (const one of liftedBy)
      assert.ok(['open', 'partial'].includes(family.evidence[one]?.state ?? ''), family.id)
    for (const one of blockedBy)
      if (one !== 'licence') assert.notEqual(family.evidence[one]?.state, 'open', family.id)
    assert.equal(blockedBy.length === 0, level === 6, family.id)
  }
})

test('level 1 is only what nobody can come to uninvited, with a source, and a doubtful one says so', () => {
  const hidden = shippedCatalogue().families.filter((family) => gradeOf(family).level === 1)
  assert.ok(hidden.length >= 9)
  for (const { id, access, sources, hubIds } of hidden) {
    assert.ok(access && sources.includes(access.source), id)
    assert.deepEqual(hubIds, [], id)
    if (access.to === 'invited') assert.match(access.note, /^.*Doubtful/, id)
  }
  assert.equal(findFamily('BloombergGPT')?.id, 'bloomberggpt')
})

test('a model with a licence of its own is graded and licensed by that, whatever the others of its family have', () => {
  const told = (name: string): readonly (string | null | undefined)[] => {
    const family = findFamily(name)
    return [family?.id, family?.licence.id, family && gradeOf(family).text]
  }
  for (const name of ['Qwen/Qwen2.5-72B-Instruct', 'qwen2.5:72b', 'qwen2.5-72b-instruct-q4_k_m'])
    assert.deepEqual(told(name), ['qwen-2.5', 'qwen-2024', '3·C'], name)
  assert.deepEqual(told('Qwen/Qwen2.5-Coder-3B'), ['qwen-2.5', 'qwen-research-2024', '3·N'])
  // 32B is no 3B, and 7B no 72B
  for (const name of ['Qwen/Qwen2.5-32B-Instruct', 'qwen2.5:7b', 'qwen-2.5'])
    assert.deepEqual(told(name), ['qwen-2.5', 'apache-2.0', '3·O'], name)
  for (const { id, variants } of shippedCatalogue().families)
    for (const { name, licence, grade: expected } of variants ?? []) {
      if (licence === undefined) continue
      const own = findFamily(`${id}-${name}`)
      assert.ok(own, `${id} ${name}`)
      assert.deepEqual([own.licence.id, gradeOf(own).text], [licence, expected], `${id} ${name}`)
    }
})

test('every family that a company asks after first has rows', () => {
  const NAMED = [
    'llama',
    'mistral',
    'qwen',
    'deepseek',
    'gemma',
    'phi',
    'granite',
    'olmo',
    'smollm',
    'bloom',
    'pythia',
    't5',
    'dolly',
    'falcon',
    'command-r',
    'stable-diffusion',
    'gpt-oss',
    'apertus',
    'eurollm',
    'lucie',
    'gpt-5',
    'claude',
    'gemini',
    'grok',
  ]
  const ids = shippedCatalogue().families.map(({ id }) => id)
  for (const named of NAMED)
    assert.ok(
      ids.some((id) => id.startsWith(named)),
      named,
    )
})

const States = fc.dictionary(fc.constantFrom(...COMPONENTS), fc.constantFrom(...STATES))

test('more openness never lowers a level, unknown counts as closed, and a paper or inference code lifts nothing', () => {
  fc.assert(
    fc.property(
      States,
      fc.constantFrom(...COMPONENTS),
      fc.constantFrom('O', 'R', 'C', 'N', 'X'),
      (states, component, letter) => {
        const { level, blockedBy } = grade(states, letter)
        // tuning data that exists and is closed holds back more than none: it is compared with closed
        const closed = grade({ ...states, [component]: 'closed' }, letter).level
        assert.equal(grade({ ...states, [component]: 'unknown' }, letter).level, closed)
        const open = grade({ ...states, [component]: 'open' }, letter).level
        assert.ok(open >= closed)
        if (component === 'paper' || component === 'inference_code' || component === 'model_card')
          assert.equal(open, closed)
        assert.equal(level === 6, blockedBy.length === 0)
        if (letter !== 'O') assert.ok(level < 6)
      },
    ),
  )
})
