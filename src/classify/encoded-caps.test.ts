import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClassifier } from './classify.ts'

const classify = createClassifier()
const label = (text: string) =>
  classify([{ path: 'x', text, kind: 'text' }], { floor: 'public' }).label

test('a secret in base64 is found however long the run, or the text is undetermined: never public', () => {
  const iban = 'My account is FR76 3000 6000 0112 3456 7890 189. '
  for (const prose of [1_000, 100_000, 1_000_000, 3_000_000]) {
    const plain = 'The lock keeper opens the gate. '.repeat(prose / 32) + iban
    const { class: dataClass, undetermined } = label(
      `data: ${Buffer.from(plain).toString('base64')}`,
    )
    assert.ok(undetermined || dataClass !== 'public', String(prose))
  }
})

test('many runs that are more than is decoded leave the text undetermined', () => {
  const run = Buffer.from('The lock keeper opens the gate. '.repeat(40_000)).toString('base64')
  assert.equal(label(`${run} `.repeat(5)).undetermined, true)
})
