import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { COMPONENTS, shippedCatalogue } from '../catalogue/family.ts'
import { findFamily } from '../catalogue/find-family.ts'
import { sampleDataSet } from '../data-sets/data-set.fixture.ts'
import { claimsOfFolder } from '../licences/read-claims.ts'
import { provenanceOfModel } from './of-model.ts'
import { provenanceOf, type ProvenanceAnswer } from './provenance.ts'
import { ANSWERS, QUESTIONS, type ProvenanceQuestion } from './questions.ts'
import { RECORDED, RECORDED_ANSWERS, recordedProvenance, recordedRow } from './recorded.ts'

function answerOf(id: string, question: ProvenanceQuestion): ProvenanceAnswer {
  const family = findFamily(id)
  assert.ok(family, id)
  const found = provenanceOf(family).answers.find((one) => one.id === question)
  assert.ok(found)
  return found
}

test('every recorded row is of a known family, once, and every answer has a source that is in the table', () => {
  const { rows, sources, template, duty, looked } = recordedProvenance()
  const ids = new Set(shippedCatalogue().families.map(({ id }) => id))
  const families = rows.map(({ family }) => family)
  assert.equal(new Set(families).size, families.length)
  for (const { family, answers, publicSummary } of rows) {
    assert.ok(ids.has(family), family)
    const used = [...Object.values(answers), ...(publicSummary ? [publicSummary] : [])]
    assert.ok(used.length > 0, `${family}: a row that says nothing`)
    for (const { source } of used) assert.ok(Object.hasOwn(sources, source), `${family}: ${source}`)
    // where it is can be looked up, or it was not found: nothing in between
    if (publicSummary) assert.equal(publicSummary.url !== null, publicSummary.state === 'published')
  }
  const used = JSON.stringify([rows, template, duty, looked])
  for (const id of Object.keys(sources)) assert.ok(used.includes(`"${id}"`), `unused source ${id}`)
})

test('every question is answered or unknown for every family, never no where nobody looked', () => {
  for (const family of shippedCatalogue().families) {
    const { answers, unknown, sources } = provenanceOf(family)
    assert.deepEqual(
      answers.map(({ id }) => id),
      Object.keys(QUESTIONS),
    )
    const row = recordedRow(family.id)
    for (const { id, answer, source, words } of answers) {
      assert.equal(unknown.includes(id), answer === null)
      const recorded = RECORDED.find((one) => one === id)
      if (recorded) assert.equal(answer, row?.answers[recorded]?.answer ?? null, family.id)
      const component = COMPONENTS.find((one) => one === id)
      const state = component && family.evidence[component]?.state
      if (component) assert.equal(answer, state === undefined || state === 'unknown' ? null : state)
      if (answer !== null && words === null) assert.ok(id === 'origin' || id === 'cutoff', id)
      for (const one of source?.split(',') ?? [])
        assert.ok(
          sources.some((known) => known.id === one && known.title !== ''),
          one,
        )
    }
  }
})

test('the words of an answer exist in both languages', () => {
  for (const word of [...RECORDED_ANSWERS, 'published', 'not-found', 'open', 'partial', 'closed'])
    assert.ok(ANSWERS[word]?.en && ANSWERS[word].fr, word)
})

test('a published summary is given with its address, one that was looked for and not found says so, and the rest is unknown', () => {
  const found = answerOf('smollm-3', 'public_summary')
  assert.equal(found.answer, 'published')
  assert.match(found.url ?? '', /^https:\/\/huggingface\.co\//)
  assert.match(found.note ?? '', /^2025-07-25/)
  assert.equal(answerOf('gpt-oss', 'public_summary').answer, 'not-found')
  // newer than the duty, and in none of the lists that were read
  assert.equal(answerOf('qwen-3.6', 'public_summary').answer, 'not-found')
  // older, or on no market: nobody looked
  assert.equal(answerOf('falcon-h1', 'public_summary').answer, null)
  assert.equal(answerOf('gopher', 'public_summary').answer, null)
})

test('the day on which the summary is owed goes by when the model came out', () => {
  const dueOf = (id: string): string | null => {
    const family = findFamily(id)
    assert.ok(family)
    return provenanceOf(family).summaryDuty.due
  }
  assert.equal(dueOf('bloom'), '2027-08-02')
  assert.equal(dueOf('smollm-3'), '2027-08-02')
  assert.equal(dueOf('gpt-oss'), '2025-08-02')
  assert.equal(dueOf('deepseek-v4'), '2025-08-02')
})

test('an adapter answers with what its base was made from, and says that its own data is unknown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ecluse-adapter-'))
  try {
    writeFileSync(
      join(folder, 'adapter_config.json'),
      JSON.stringify({ base_model_name_or_path: 'allenai/OLMo-2-1124-7B' }),
    )
    const { name, bases, claims } = await claimsOfFolder(folder, 'our-adapter')
    const found = provenanceOfModel(name, bases)
    assert.equal(found?.own, null)
    assert.equal(found.bases[0]?.provenance?.model, 'OLMo 2')
    // it inherits the licence the same way
    assert.equal(claims[1]?.tag?.id, 'apache-2.0')
    writeFileSync(join(folder, 'adapter_config.json'), '{"base_model_name_or_path": ["x"]}')
    assert.deepEqual((await claimsOfFolder(folder, 'our-adapter')).bases, [])
    writeFileSync(join(folder, 'adapter_config.json'), '[[[')
    assert.deepEqual((await claimsOfFolder(folder, 'our-adapter')).bases, [])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a tuned model of a known family answers for both, and a base of the same family is not told twice', () => {
  const both = provenanceOfModel('tulu-3', ['meta-llama/Llama-3.1-8B', 'nobody/knows-it'])
  assert.equal(both?.own?.model, 'Tulu 3')
  assert.deepEqual(
    both.bases.map(({ name, provenance }) => [name, provenance?.model ?? null]),
    [
      ['meta-llama/Llama-3.1-8B', 'Llama 3.1'],
      ['nobody/knows-it', null],
    ],
  )
  assert.deepEqual(provenanceOfModel('OLMo-2-7B-Instruct', ['allenai/OLMo-2-1124-7B'])?.bases, [])
  assert.equal(provenanceOfModel('nobody-knows-it'), null)
})

test('a model of which only a registered data set is known answers with it; who may not look is told so', () => {
  const used = [{ dataSet: sampleDataSet(), use: 'tuning' as const }]
  assert.deepEqual(provenanceOfModel('our-model', [], used), {
    name: 'our-model',
    own: null,
    bases: [],
    dataSets: used,
  })
  assert.equal(provenanceOfModel('our-model', [], []), null)
  assert.equal(provenanceOfModel('tulu-3')?.dataSets, null)
})
