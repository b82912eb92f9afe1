import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClassifier } from './classify.ts'
import { DEFAULT_CLASSES } from './data/classes.ts'
import { TYPE_NAMES } from './data/type-names.ts'
import { explainFinding } from './explain.ts'
import { CLASSIFIER_VERSION } from './version.ts'

const classify = createClassifier()
const first = (text: string) => {
  const finding = classify([{ path: 'x', text, kind: 'text' }], { floor: 'public' }).findings[0]
  assert.ok(finding)
  return finding
}

test('an explanation tells the rule, the check and the context in both languages, never the text', () => {
  const finding = first('IBAN DE89370400440532013000')
  const english = explainFinding(finding, 'en')
  const french = explainFinding(finding, 'fr')
  assert.match(
    english,
    /^Bank account \(IBAN\): rule iban; check "mod 97-10" holds; near the word "iban"/,
  )
  assert.match(french, /^Compte bancaire \(IBAN\) : règle iban ; contrôle « mod 97-10 » vérifié/)
  assert.ok(!english.includes('3704') && !french.includes('3704'))
})

test('the vendor of a token is named', () => {
  const finding = first(['glpat', 'q7Zr2mK9xVb4Tn8LpW3c'].join('-'))
  assert.match(explainFinding(finding, 'en'), /Credential \(GitLab\)/)
})

test('every type of the class table has a name in both languages', () => {
  const types = DEFAULT_CLASSES.rows.flatMap((row) => row.types)
  for (const type of types) assert.ok(TYPE_NAMES[type]?.en && TYPE_NAMES[type].fr, type)
})

test('the version names revision and data', () => {
  assert.match(CLASSIFIER_VERSION, /^r\d+-[\da-f]{12}$/)
})
