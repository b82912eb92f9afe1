import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { closeTools, stepTools, TOOL_START, type Said, type ToolReading } from './tool-calls.ts'
import { toolFormatOf } from './tool-format.ts'

const reading = (template: string, parallel = true): ToolReading => {
  const format = toolFormatOf(template)
  assert.ok(format)
  return { format, names: new Set(['get_weather', 'add']), parallel }
}

const HERMES = reading('<tool_call>')
const MISTRAL = reading('[TOOL_CALLS]')
const LLAMA = reading('ipython "parameters"')

/** The pieces of a whole answer, neighbouring texts joined. */
function said(pieces: readonly string[], how: ToolReading): readonly Said[] {
  let state = TOOL_START
  const all: Said[] = []
  for (const piece of pieces) {
    const [next, found] = stepTools(state, piece, how)
    state = next
    all.push(...found)
  }
  all.push(...closeTools(state, how)[1])
  return all.reduce<readonly Said[]>((joined, one) => {
    const last = joined.at(-1)
    return last?.kind === 'text' && one.kind === 'text'
      ? [...joined.slice(0, -1), { kind: 'text', text: last.text + one.text }]
      : [...joined, one]
  }, [])
}

const call = (name: string, given: object): Said => ({
  kind: 'call',
  name,
  arguments: JSON.stringify(given),
})
const text = (content: string): Said => ({ kind: 'text', text: content })

const weather = '{"name": "get_weather", "arguments": {"city": "Orléans", "days": 2}}'
const WEATHER = call('get_weather', { city: 'Orléans', days: 2 })
const ADD = call('add', { a: 1 })

const CASES: readonly (readonly [string, ToolReading, string, readonly Said[]])[] = [
  ['hermes, one', HERMES, `<tool_call>\n${weather}\n</tool_call>`, [WEATHER]],
  [
    'hermes, text and two',
    HERMES,
    `Let me see.\n<tool_call>${weather}</tool_call>\n<tool_call>{"name":"add","arguments":"{\\"a\\":1}"}</tool_call>`,
    [text('Let me see.'), WEATHER, ADD],
  ],
  ['hermes, not closed', HERMES, `<tool_call>\n${weather}`, [WEATHER]],
  ['hermes, plain', HERMES, 'a < b, <tool>, <tool_cal', [text('a < b, <tool>, <tool_cal')]],
  [
    'hermes, broken JSON is text',
    HERMES,
    '<tool_call>{"name": "add",</tool_call>',
    [text('<tool_call>{"name": "add",</tool_call>')],
  ],
  [
    'hermes, unknown tool is text',
    HERMES,
    '<tool_call>{"name": "rm", "arguments": {}}</tool_call> ok',
    [text('<tool_call>{"name": "rm", "arguments": {}}</tool_call> ok')],
  ],
  [
    'hermes, arguments that are no object are text',
    HERMES,
    '<tool_call>{"name": "add", "arguments": [1]}</tool_call>',
    [text('<tool_call>{"name": "add", "arguments": [1]}</tool_call>')],
  ],
  [
    'hermes, one alone when asked',
    { ...HERMES, parallel: false },
    `<tool_call>${weather}</tool_call><tool_call>{"name":"add","arguments":{"a":1}}</tool_call>`,
    [WEATHER],
  ],
  [
    'mistral',
    MISTRAL,
    `[TOOL_CALLS] [${weather}, {"name":"add","arguments":{"a":1}}]`,
    [WEATHER, ADD],
  ],
  ['mistral, plain', MISTRAL, 'See [1] and [TOOL', [text('See [1] and [TOOL')]],
  ['llama', LLAMA, '{"name": "add", "parameters": {"a": 1}}', [ADD]],
  ['llama, tagged', LLAMA, '<|python_tag|>{"name": "add", "parameters": {"a": 1}}', [ADD]],
  [
    'llama, two',
    LLAMA,
    '{"name": "add", "parameters": {"a": 1}}; {"name": "get_weather", "parameters": {"city": "Orléans", "days": 2}}',
    [ADD, WEATHER],
  ],
  ['llama, plain', LLAMA, 'The sum is {1}.', [text('The sum is {1}.')]],
  ['llama, JSON that is no call', LLAMA, '{"answer": 3}', [text('{"answer": 3}')]],
  ['nothing', HERMES, '', []],
  ['only space', HERMES, ' \n', [text(' \n')]],
]

for (const [name, how, whole, expected] of CASES) {
  test(`calls are read wherever the pieces split: ${name}`, () => {
    assert.deepEqual(said([whole], how), expected)
    assert.deepEqual(said(whole.split(''), how), expected)
    for (let at = 0; at <= whole.length; at++)
      assert.deepEqual(said([whole.slice(0, at), whole.slice(at)], how), expected, `at ${at}`)
  })
}

test('text without calls comes out as it is', () => {
  const pieces = fc.array(
    fc.string({ unit: fc.constantFrom(...'<tool_cal> [TOOL_CALLS]\n'.split('')) }),
  )
  fc.assert(
    fc.property(pieces, fc.constantFrom(HERMES, MISTRAL, LLAMA), (parts, how) => {
      const whole = parts.join('')
      fc.pre(!whole.includes(how.format.opens ?? '\0'))
      const out = said(parts, how)
      assert.equal(out.map((one) => (one.kind === 'text' ? one.text : '!')).join(''), whole)
    }),
  )
})

test('a template whose calls we cannot read back counts as one without tools', () => {
  for (const template of ['', '<tool_call><function=a>', '[TOOL_CALLS]a[ARGS]{}'])
    assert.equal(toolFormatOf(template), null)
})
