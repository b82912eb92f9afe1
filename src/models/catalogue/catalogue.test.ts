import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findLicence } from '../licences/licence.ts'
import { provenanceOf } from '../provenance/provenance.ts'
import { COMPONENTS, STATES, shippedCatalogue } from './family.ts'
import { statesOf } from './find-family.ts'
import { grade } from './grade.ts'

test('every row has the level that its evidence gives, a source, and a licence that is known', () => {
  const { families, sources } = shippedCatalogue()
  assert.ok(families.length >= 149)
  for (const family of families) {
    const graded = grade(statesOf(family), family.letter)
    assert.equal(graded.level, family.level, family.id)
    assert.ok(
      family.sources.every((id) => Object.hasOwn(sources, id) || id.includes(':')),
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
    return grade(statesOf(family), family.letter).text
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

test('provenance says unknown where nothing is recorded, and never no', () => {
  for (const family of shippedCatalogue().families) {
    const { answers } = provenanceOf(family)
    for (const { id, answer } of answers) {
      const component = COMPONENTS.find((one) => one === id)
      const state = component && family.evidence[component]?.state
      if (component) assert.equal(answer, state === undefined || state === 'unknown' ? null : state)
    }
    assert.equal(answers.find(({ id }) => id === 'opt_out')?.answer, null)
  }
})
