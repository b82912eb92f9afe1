import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'

const IBAN = ['FR76 3000 6000 0112', '3456 7890 189'].join(' ')
const LETTER = `Mon IBAN est ${IBAN}.\n`

interface Ran {
  readonly code: number | null
  readonly text: string
}

function commands(t: TestContext) {
  const home = testHome(t)
  const env = { ECLUSE_HOME: home }
  const place = join(home, 'files')
  mkdirSync(join(place, 'below', 'node_modules'), { recursive: true })
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(place, name)
    writeFileSync(path, content)
    return path
  }
  const run = (args: readonly string[], input?: string): Promise<Ran> =>
    runProgram(t, ['classify', '--no-discover', ...args], env, input)
  return { place, file, run }
}

describe('ecluse classify', () => {
  test('a text, a file and standard input give the same answer, and --quote alone shows what was found', async (t) => {
    const { file, run } = commands(t)
    const path = file('letter.txt', LETTER)
    const answers = [
      await run([LETTER]),
      await run([path]),
      await run(['--file', path]),
      await run([], LETTER),
      await run(['-'], LETTER),
    ]
    for (const { code, text } of answers) {
      assert.equal(code, 0, text)
      assert.match(text, /^confidential {2}personal, finance\n {2}IBAN_CODE .* rule iban/)
      assert.ok(!text.includes('3000'), text)
    }
    const quoted = await run([path, '--quote', '--lang', 'fr'])
    assert.ok(quoted.text.includes(IBAN))
    assert.match(quoted.text, /^confidentielle/)
  })

  test('--max-class ends with 1 above it and with 0 below', async (t) => {
    const { file, run } = commands(t)
    const path = file('letter.txt', LETTER)
    assert.equal((await run([path, '--max-class', 'internal'])).code, 1)
    assert.equal((await run([path, '--max-class', 'confidential'])).code, 0)
    const lines = `${JSON.stringify({ id: 1, text: LETTER })}\n`
    assert.equal((await run(['--jsonl', '--max-class', 'internal'], lines)).code, 1)
  })

  test('a folder is told file by file; what cannot be read counts as the highest class', async (t) => {
    const { place, file, run } = commands(t)
    file('letter.txt', LETTER)
    file('below/plain.txt', 'Bonjour à tous')
    file('below/utf16.txt', Buffer.concat([Buffer.from([255, 254]), Buffer.from('hi', 'utf16le')]))
    file('below/picture.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00]))
    file('below/node_modules/left.txt', LETTER)
    symlinkSync(join(place, 'letter.txt'), join(place, 'below', 'link.txt'))
    const { code, text } = await run([place])
    assert.equal(code, 0, text)
    assert.match(text, /^restricted \(undetermined\).*picture\.png {2}not UTF-8/m)
    assert.match(text, /^public {8} *.*plain\.txt$/m)
    assert.match(text, /^public {8} *.*utf16\.txt$/m)
    assert.match(text, /^confidential .*letter\.txt {2}1 IBAN_CODE$/m)
    assert.match(text, /^4 files: 2 public, 1 confidential, 1 restricted$/m)
    assert.match(text, /node_modules: left out/)
    assert.ok(!text.includes('link.txt') && !text.includes('left.txt'))
    const { text: json } = await run([place, '--json'])
    const told: { files: { file: string }[]; highest: { class: string } } = JSON.parse(json)
    assert.equal(told.files.length, 4)
    assert.equal(told.highest.class, 'restricted')
  })

  test('the body of a request is read as its surface reads it', async (t) => {
    const { file, run } = commands(t)
    const body = { max_tokens: 5, messages: [{ role: 'user', content: LETTER }] }
    const path = file('body.json', JSON.stringify(body))
    const { code, text } = await run([path, '--surface', 'anthropic'])
    assert.equal(code, 0, text)
    assert.match(text, /IBAN_CODE +messages\.0\.content:13-46/)
    const wrong = await run([path, '--surface', 'gemini', '--lang', 'fr'])
    assert.equal(wrong.code, 2)
    assert.match(wrong.text, /`contents` est obligatoire/)
    const notJson = await run([file('plain.txt', IBAN), '--surface', 'openai'])
    assert.equal(notJson.code, 2)
    assert.match(notJson.text, /not a JSON object/)
    assert.ok(!notJson.text.includes('3000'))
  })

  test('a file that is not there ends with 2, and those beside it are told all the same', async (t) => {
    const { file, run } = commands(t)
    const path = file('letter.txt', LETTER)
    const { code, text } = await run([path, join(path, 'absent'), 'absent.txt'])
    assert.equal(code, 2, text)
    assert.match(text, /absent\.txt: no such file/)
    assert.match(text, /letter\.txt {2}1 IBAN_CODE/)
    const alone = await run(['--file', 'absent.txt'])
    assert.equal(alone.code, 2)
    assert.match((await run(['absent.txt'])).text, /no file has this name: read as a text/)
  })

  test('an option with another value than it takes ends with 3', async (t) => {
    const { run } = commands(t)
    for (const args of [
      ['--max-class', 'secret', 'x y'],
      ['--offsets', 'bytes', 'x y'],
      ['--surface', 'nowhere', 'x y'],
      ['--lang', 'de', 'x y'],
      ['--text', 'x', 'y'],
    ]) {
      assert.equal((await run(args)).code, 3, args.join(' '))
    }
  })

  test('--text is a text even where a file has that name', async (t) => {
    const { file, run } = commands(t)
    const path = file('letter.txt', LETTER)
    assert.match((await run(['--text', path])).text, /^public/)
  })
})
