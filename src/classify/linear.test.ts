import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TOKEN_FORMATS } from './data/token-formats.ts'
import { DETECTORS, literalGroups } from './detectors/list.ts'
import { scanText } from './scan-text.ts'
import { buildLexicon } from './scan/lexicon.ts'
import { Steps } from './scan/steps.ts'

const scanner = { detectors: DETECTORS, lexicon: buildLexicon(literalGroups(DETECTORS)) }

function stepsFor(unit: string, length: number): number {
  const steps = new Steps(Number.POSITIVE_INFINITY)
  scanText(unit.repeat(Math.ceil(length / unit.length)).slice(0, length), '', scanner, steps)
  return steps.spent
}

const HOSTILE = [
  '7',
  '12 ',
  '0',
  'a@',
  'a.b@',
  'a.',
  ' ',
  '\n',
  '-',
  '0x',
  'QUJDREVG',
  '[{(',
  'MARTIN ',
  'Marie ',
  'Mme ',
  '%41',
  '&#49;',
  '\\u0041',
  'eyJhbGci.',
  '-----BEGIN PRIVATE KEY-----',
  'password is ',
  'secret_key=',
  'a://b:',
  '12 rue ',
  'passeport ',
  'IBAN FR76 ',
  'cancer ',
  'il est malade ',
  'nom;email\n',
  '"name": ',
  'hémoglobine 8 g/dL ',
  'notre équipe ',
  'our salary. ',
  'le patient, résume: 3 % ',
  'CONFIDENTIEL ',
  'ghp_',
  'Authorization: Bearer ',
  'curl -u ',
  '756.',
  '🙂',
  'é',
  '\u0301',
]

describe('work grows no faster than the text', () => {
  for (const unit of HOSTILE) {
    test(JSON.stringify(unit), () => {
      const [small, large] = [stepsFor(unit, 10_000), stepsFor(unit, 100_000)]
      assert.ok(large <= 11 * small + 1_000, `${small} steps, then ${large}`)
      assert.ok(large <= 600 * 100_000, `${large / 100_000} steps per unit`)
    })
  }
})

test('every quantifier of a token format is bounded', () => {
  for (const { rule, shape } of TOKEN_FORMATS) {
    const bare = shape.replaceAll(/\\./g, '').replaceAll(/\[[^\]]*\]/g, '')
    assert.ok(!/[*+]|\{\d+,\}/.test(bare), rule)
  }
})
