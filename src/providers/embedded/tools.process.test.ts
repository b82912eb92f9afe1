import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findModel } from '#models/store/find-model.ts'
import { machinePorts } from '#models/pull/pull-ports.ts'
import { pullModel } from '#models/pull/pull.ts'
import { STARTER, starterModelDir } from '#models/starter/starter-model.fixture.ts'
import { storePaths } from '#models/store/store-layout.ts'
import { startEngine } from './engine.fixture.ts'

const models = await starterModelDir()
const skip = 'skip' in models ? models.skip : false

/** Hermes in a nutshell: as long as the template of the file at most, so that it can take its place. */
const TEMPLATE =
  '{% for m in messages %}<|im_start|>{{m.role}}\n{{m.content}}{% for c in m.tool_calls or [] %}<tool_call>{{c.function|tojson}}</tool_call>{% endfor %}<|im_end|>\n{% endfor %}' +
  '{% if tools %}<|im_start|>system\nTools: {{tools|tojson}}. Call them as <tool_call>{"name": "x", "arguments": {}}</tool_call><|im_end|>\n{% endif %}<|im_start|>assistant\n'

/** The starter model with a template that has tools, in a store of its own. */
async function modelWithTools(dir: string, into: string): Promise<void> {
  const manifest = await findModel(dir, STARTER)
  assert.ok(manifest)
  const bytes = await readFile(storePaths(dir).blob(manifest.digest))
  const key = Buffer.from('tokenizer.chat_template')
  const at = bytes.indexOf(key) + key.length + 4
  const length = Number(bytes.readBigUInt64LE(at))
  assert.ok(Buffer.byteLength(TEMPLATE) <= length - 4)
  const padded = `${TEMPLATE}{#${'-'.repeat(length - 4 - Buffer.byteLength(TEMPLATE))}#}`
  bytes.write(padded, at + 8)
  const path = join(into, 'tools.gguf')
  const file = await open(path, 'wx')
  await file.writeFile(bytes)
  await file.close()
  const pulled = await pullModel(
    { dir: into, name: 'tools', from: path },
    [],
    machinePorts(Date.now, randomUUID, {}),
    () => undefined,
    new AbortController().signal,
  )
  assert.ok(pulled.ok)
  await rm(path)
}

const TOOLS = [
  {
    type: 'function' as const,
    function: {
      name: 'get_weather',
      description: 'The weather of a city.',
      parameters: {
        type: 'object',
        properties: {
          city: { type: 'string', maxLength: 30 },
          unit: { type: 'string', enum: ['celsius', 'kelvin'] },
          days: { type: 'integer', minimum: 1, maximum: 7 },
        },
        required: ['city', 'unit', 'days'],
        additionalProperties: false,
      },
    },
  },
  {
    type: 'function' as const,
    function: {
      name: 'stop_all',
      parameters: { type: 'object', properties: {}, additionalProperties: false },
    },
  },
]

function assertWeather(json: string): void {
  const given = JSON.parse(json) as { city: string; unit: string; days: number }
  assert.deepEqual(Object.keys(given), ['city', 'unit', 'days'])
  assert.ok(given.city.length <= 30 && ['celsius', 'kelvin'].includes(given.unit))
  assert.ok(Number.isInteger(given.days) && given.days >= 1 && given.days <= 7)
}

describe('tools', { skip }, () => {
  let engine: Awaited<ReturnType<typeof startEngine>>
  let dir: string
  before(async () => {
    assert.ok('dir' in models)
    dir = await mkdtemp(join(tmpdir(), 'ecluse-tools-'))
    await modelWithTools(models.dir, dir)
    engine = await startEngine({ modelsDir: dir, parallel: 2 })
  })
  after(async () => {
    await engine.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const request = {
    model: 'tools',
    messages: [{ role: 'user' as const, content: 'What is the weather in Lyon?' }],
    tools: TOOLS,
    max_tokens: 200,
    temperature: 0,
  }

  test('a named tool is called once, with arguments of its schema', async () => {
    const tool_choice = { type: 'function' as const, function: { name: 'get_weather' } }
    for (const fields of [{}, { temperature: 1.5, seed: 3 }]) {
      const answer = await engine.openai.chat.completions.create({
        ...request,
        ...fields,
        tool_choice,
      })
      const [choice] = answer.choices
      assert.equal(choice?.finish_reason, 'tool_calls')
      assert.equal(choice.message.content, null)
      assert.equal(choice.message.tool_calls?.length, 1)
      const [call] = choice.message.tool_calls ?? []
      assert.ok(call?.type === 'function')
      assert.match(call.id, /^[a-z0-9]{9}$/)
      assert.equal(call.function.name, 'get_weather')
      assertWeather(call.function.arguments)
    }
  })

  test('a stream tells the same calls, name first, and ends in tool_calls', async () => {
    const body = { ...request, tool_choice: 'required' as const, parallel_tool_calls: false }
    const whole = await engine.openai.chat.completions.create(body)
    const expected = whole.choices[0]?.message.tool_calls?.[0]
    assert.ok(expected?.type === 'function')
    const stream = await engine.openai.chat.completions.create({ ...body, stream: true })
    const chunks = await Array.fromAsync(stream)
    const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])
    assert.deepEqual(
      deltas.map(({ index }) => index),
      [0, 0],
    )
    assert.equal(deltas[0]?.function?.name, expected.function.name)
    assert.equal(deltas[0]?.function?.arguments, '')
    assert.equal(deltas[1]?.function?.arguments, expected.function.arguments)
    assert.ok(chunks.every(({ choices }) => !choices[0]?.delta.content?.includes('tool_call')))
    assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'tool_calls')
  })

  test('called or not, an answer never holds a call as text', async () => {
    const answers = await Promise.all(
      [1, 2].map((seed) =>
        engine.openai.chat.completions.create({
          ...request,
          temperature: 1,
          seed,
          max_tokens: 60,
        }),
      ),
    )
    for (const { choices } of answers) {
      const { message, finish_reason: finish } = choices[0] ?? {}
      const calls = message?.tool_calls ?? []
      if (finish === 'tool_calls') assert.ok(calls.length > 0)
      if (finish === 'stop') assert.equal(calls.length, 0)
      for (const call of calls) {
        assert.ok(call.type === 'function')
        assert.equal(typeof JSON.parse(call.function.arguments), 'object')
      }
    }
  })

  test('calls and their answers come back to the model', async () => {
    const call = {
      id: 'call_abc',
      type: 'function' as const,
      function: { name: 'get_weather', arguments: '{"city":"Lyon"}' },
    }
    const answer = await engine.openai.chat.completions.create({
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_abc', content: 'Sunny, 21 degrees.' },
      ],
      tool_choice: 'none',
      max_tokens: 8,
    })
    assert.ok((answer.choices[0]?.message.content ?? '').length > 0)
  })

  test('what it cannot do is refused by its name', async () => {
    const strict = TOOLS.map((tool) => ({
      ...tool,
      function: {
        ...tool.function,
        strict: true,
        parameters: { type: 'object', properties: { a: { type: 'string', pattern: 'x' } } },
      },
    }))
    const cases: readonly (readonly [object, string])[] = [
      [{ response_format: { type: 'json_object' } }, 'response_format'],
      [{ tools: strict }, 'tools.0.function.parameters.properties.a.pattern'],
      [{ tool_choice: { type: 'function', function: { name: 'nope' } } }, 'tool_choice'],
      [{ tools: [{ type: 'function', function: { name: 'a b' } }] }, 'tools.0.function.name'],
    ]
    for (const [fields, param] of cases) {
      const { text } = await engine.call('/v1/chat/completions', { ...request, ...fields })
      assert.equal((JSON.parse(text) as { error: { param: string } }).error.param, param)
    }
  })
})

describe('tools and a model whose template has none', { skip }, () => {
  test('they are refused by name', async (t) => {
    assert.ok('dir' in models)
    const engine = await startEngine({ modelsDir: models.dir, parallel: 1 })
    t.after(() => engine.stop())
    const messages = [{ role: 'user', content: 'hi' }]
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }
    const past = [{ role: 'assistant', content: null, tool_calls: [call] }]
    for (const [fields, param] of [
      [{ messages, tools: TOOLS }, 'tools'],
      [{ messages: [...messages, ...past] }, 'messages.1'],
    ] as const) {
      const { text } = await engine.call('/v1/chat/completions', { model: STARTER, ...fields })
      const { error } = JSON.parse(text) as { error: { code: string; param: string } }
      assert.deepEqual([error.code, error.param], ['unsupported-parameter', param])
    }
  })
})
