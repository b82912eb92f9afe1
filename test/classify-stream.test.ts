import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'

interface Line {
  readonly start?: number
  readonly end?: number
  readonly type?: string
  readonly confidence?: number
  readonly label?: { readonly class: string }
}
const linesOf = (printed: string): readonly Line[] =>
  printed
    .trim()
    .split('\n')
    .map((line): Line => JSON.parse(line))

const PROSE = 'Le ciel était clair et la mer restait calme ce soir 🙂. '
const IBAN = 'FR76 3000 6000 0112 3456 7890 189'

test('classify --stream reads a text of several blocks and says where in the whole text it found something', async (t) => {
  const home = testHome(t)
  const env = { ECLUSE_HOME: home }
  const text = `${PROSE.repeat(20_000)}${IBAN} ${PROSE.repeat(20_000)}`
  const { code, text: printed } = await runProgram(t, ['classify', '--stream'], env, text)
  assert.equal(code, 0, printed.slice(-300))
  const [found, last, ...rest] = linesOf(printed)
  assert.deepEqual(rest, [])
  assert.equal(found?.type, 'IBAN_CODE')
  assert.equal(text.slice(found.start, found.end), IBAN)
  assert.equal(last?.label?.class, 'confidential')

  const path = join(home, 'text.txt')
  writeFileSync(path, text)
  const whole = await runProgram(t, ['classify', '--json', '--file', path], env)
  const { spans, label }: { spans: readonly Line[]; label: object } = JSON.parse(whole.text)
  const placed = spans.map(({ start, end, type, confidence }) => ({ start, end, type, confidence }))
  assert.deepEqual([placed, label], [[found], last?.label], 'as the whole text at once')

  const missing = await runProgram(t, ['classify', '--stream', join(home, 'none')], env)
  assert.equal(missing.code, 2)
})
