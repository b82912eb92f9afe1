import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createClassifier } from './classify.ts'
import { DETECTORS, literalGroups } from './detectors/list.ts'
import { scanWhole } from './scan-blocks.ts'
import { buildLexicon } from './scan/lexicon.ts'
import { Steps } from './scan/steps.ts'
import { scannerOf } from './scan-text.ts'
import { EDGE_TEXTS } from './testing/edge-texts.ts'

const scanner = scannerOf(DETECTORS, buildLexicon(literalGroups(DETECTORS)))
const classify = createClassifier()

function stepsOf(text: string): number {
  const steps = new Steps(Number.POSITIVE_INFINITY)
  scanWhole(text, '', scanner, steps)
  return steps.spent
}

describe('at the edges', () => {
  for (const { name, isQuiet, make } of EDGE_TEXTS) {
    test(`${name}: work grows no faster than the text, places are within it`, () => {
      const [small, large] = [stepsOf(make(10_000)), stepsOf(make(100_000))]
      assert.ok(large <= 12 * small + 2_000, `${small} steps, then ${large}`)
      const text = make(50_000)
      const { label, findings } = classify([{ path: 'x', text, kind: 'text' }], { floor: 'public' })
      for (const { start, end, type } of findings) {
        assert.ok(start >= 0 && (start < end || type === 'UNDETERMINED') && end <= text.length)
      }
      if (isQuiet) assert.deepEqual([label.class, findings], ['public', []])
    })
  }

  test('a megabyte on one line, in blocks, takes as many steps as its length tells', () => {
    for (const name of ['minified script', 'digits', 'a@', 'picture in base64', 'emoji']) {
      const make = EDGE_TEXTS.find((one) => one.name === name)?.make
      assert.ok(make)
      const [small, large] = [stepsOf(make(100_000)), stepsOf(make(1_000_000))]
      assert.ok(large <= 12 * small, `${name}: ${small} steps, then ${large}`)
    }
  })

  test('every row of a long table is found, once', () => {
    const count = 30_000
    const rows = Array.from({ length: count }, (_, at) => `${at};client${at}@acme.fr;${at % 100}`)
    const text = `id;email;quantity\n${rows.join('\n')}\n`
    const { findings } = classify([{ path: 'x', text, kind: 'text' }], { floor: 'public' })
    assert.deepEqual(
      findings.map(({ start, end }) => text.slice(start, end)),
      rows.map((row) => row.split(';')[1]),
    )
  })
})
