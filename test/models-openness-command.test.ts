import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { z } from 'zod'
import { testHome } from './support/gateway.ts'
import { runProgram } from './support/process.ts'

function models(t: TestContext) {
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), 'discover: false\nengine: {enabled: false}\n')
  return {
    home,
    run: (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
      runProgram(t, ['models', ...args], { ECLUSE_HOME: home, ...environment }),
  }
}

const Row = z.looseObject({
  id: z.string(),
  developer: z.string(),
  licence: z.string().nullable(),
  grade: z.looseObject({ level: z.number(), letter: z.string() }),
  reason: z.strictObject({ en: z.string(), fr: z.string() }),
})

test('the catalogue is filtered by level, organisation and licence, in words and as JSON', async (t) => {
  const { run } = models(t)
  const listed = await run(['openness', '--level', '5,6', '--licence', 'apache-2.0', '--json'])
  assert.equal(listed.code, 0)
  const rows = listed.text
    .trim()
    .split('\n')
    .map((line) => Row.parse(JSON.parse(line)))
  assert.ok(rows.length > 8)
  for (const { id, grade, licence } of rows) {
    assert.ok(grade.level >= 5, id)
    assert.equal(licence, 'apache-2.0', id)
  }
  const hidden = await run(['openness', '--level', '1', '--organisation', 'bloomberg'])
  assert.match(hidden.text, /1·X +bloomberggpt +Bloomberg +- +offered to nobody outside/)
  assert.equal((await run(['catalogue', '--organisation', 'nobody-of-that-name'])).code, 1)
  for (const wrong of [
    ['--level', '7'],
    ['--min-openness', 'x'],
    ['a', 'b', '--strict'],
  ])
    assert.equal((await run(['openness', ...wrong])).code, 3, wrong.join(' '))
})

test('one model is told with its evidence, also in French, and an unknown one is told to be', async (t) => {
  const { run } = models(t)
  const one = await run(['openness', 'mistral-large-3'])
  assert.equal(one.code, 0)
  assert.match(one.text, /Mistral Large 3 \(Mistral AI\) {2}4·O/)
  assert.match(one.text, /data information +partial/)
  const french = await run(['openness', 'chinchilla'], { LANG: 'fr_FR.UTF-8' })
  assert.match(french.text, /offert à personne au-dehors/)
  assert.equal((await run(['openness', 'nobody-knows-it'])).code, 2)
})

test('provenance says what is known with its source, and unknown for the rest; an adapter answers with its base', async (t) => {
  const { home, run } = models(t)
  const told = await run(['provenance', 'HuggingFaceTB/SmolLM3-3B'])
  assert.equal(told.code, 0)
  assert.match(told.text, /public summary, 53\(1\)\(d\) +published +2025-07-25/)
  assert.match(told.text, /cut-off date +unknown/)
  assert.match(told.text, /\[\d\] [^[]*https:\/\/huggingface\.co\/spaces\/hfmlsoc/)
  const adapter = join(home, 'our-adapter')
  mkdirSync(adapter)
  writeFileSync(
    join(adapter, 'adapter_config.json'),
    '{"base_model_name_or_path": "allenai/OLMo-2-1124-7B"}',
  )
  const both = await run(['provenance', adapter])
  assert.match(both.text, /our-adapter: what it was tuned on is unknown[^]*OLMo 2 \(Ai2\)/)
  const french = await run(['provenance', 'gpt-oss'], { LANG: 'fr_FR.UTF-8' })
  assert.match(french.text, /résumé public, 53\(1\)\(d\) +introuvable/)
  assert.match(french.text, /depuis le 2025-08-02/)
  const json = await run(['provenance', 'gpt-oss', '--json'])
  const { own } = z
    .looseObject({ own: z.looseObject({ unknown: z.array(z.string()) }) })
    .parse(JSON.parse(json.text))
  assert.ok(own.unknown.includes('opt_out'))
  assert.equal((await run(['provenance', 'nobody-knows-it'])).code, 2)
  assert.equal((await run(['provenance'])).code, 3)
})
