import assert from 'node:assert/strict'

/** An event of a Responses stream as a test reads it. */
export interface ReadEvent {
  readonly type: string
  readonly sequence_number: number
  readonly [key: string]: unknown
}

interface Open {
  readonly id: string
  readonly type: unknown
  /** What the deltas of the part under way add up to; null between parts. */
  text: string | null
  parts: number
  json: string
}

const LAST: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
])

/** The keys that every response object has. */
const KEYS =
  'access_programs background completed_at conversation created_at error id incomplete_details instructions max_output_tokens max_tool_calls metadata model object output parallel_tool_calls previous_response_id prompt prompt_cache_key reasoning safety_identifier service_tier status store temperature text tool_choice tools top_logprobs top_p truncation usage user'.split(
    ' ',
  )

/** The frames of a stream; every frame has its event line, equal to the type of its data. */
export function readFrames(stream: string): readonly ReadEvent[] {
  assert.ok(stream.endsWith('\n\n'))
  return stream
    .slice(0, -2)
    .split('\n\n')
    .map((frame) => {
      const [first = '', second = '', ...more] = frame.split('\n')
      assert.deepEqual(more, [])
      assert.ok(first.startsWith('event: ') && second.startsWith('data: '), frame)
      const data: ReadEvent = JSON.parse(second.slice('data: '.length))
      assert.equal(data.type, first.slice('event: '.length))
      return data
    })
}

/** For tests: holds a whole stream against the grammar of Responses, and returns its last response object. */
export function checkGrammar(stream: string): Record<string, unknown> {
  const events = readFrames(stream)
  const open = new Map<number, Open>()
  const done: unknown[] = []
  let last: Record<string, unknown> | null = null
  for (const [at, event] of events.entries()) {
    assert.equal(event.sequence_number, at, 'numbers are contiguous')
    assert.equal(last, null, 'nothing follows the end')
    if (at < 2) {
      assert.equal(event.type, at === 0 ? 'response.created' : 'response.in_progress')
      checkResponse(event['response'], 'in_progress')
    } else if (LAST.has(event.type)) {
      last = checkResponse(event['response'], event.type.slice('response.'.length))
    } else itemEvent(event, open, done)
  }
  assert.ok(last, 'a stream has an end')
  if (last['status'] === 'failed') return last
  assert.equal(open.size, 0, 'every item is closed')
  assert.deepEqual(last['output'], done, 'the response holds what was shown')
  return last
}

function checkResponse(value: unknown, status: string): Record<string, unknown> {
  assert.ok(isRecord(value))
  assert.deepEqual(Object.keys(value).toSorted(), KEYS)
  assert.equal(value['status'], status)
  assert.equal(value['object'], 'response')
  assert.equal(value['store'], false)
  assert.equal(value['usage'] === null, status === 'in_progress')
  assert.equal(value['incomplete_details'] !== null, status === 'incomplete')
  assert.equal(value['error'] !== null, status === 'failed')
  return value
}

function itemEvent(event: ReadEvent, open: Map<number, Open>, done: unknown[]): void {
  const index = event['output_index']
  assert.ok(typeof index === 'number')
  const item = event['item']
  if (event.type === 'response.output_item.added') {
    assert.ok(isRecord(item) && typeof item['id'] === 'string')
    assert.equal(item['status'], 'in_progress')
    assert.equal(index, open.size + done.filter((one) => one !== undefined).length)
    open.set(index, { id: item['id'], type: item['type'], text: null, parts: 0, json: '' })
    return
  }
  const one = open.get(index)
  assert.ok(one, `${event.type} of an item that is not open`)
  if (event.type === 'response.output_item.done') {
    assert.ok(isRecord(item) && item['id'] === one.id && item['type'] === one.type)
    assert.notEqual(item['status'], 'in_progress')
    assert.equal(one.text, null, 'every part is closed')
    if (one.type === 'function_call') assert.equal(item['arguments'], one.json)
    open.delete(index)
    done[index] = item
    return
  }
  assert.equal(event['item_id'], one.id)
  partEvent(event, one)
}

function partEvent(event: ReadEvent, one: Open): void {
  const at = event['content_index'] ?? event['summary_index']
  const [, , verb] = event.type.split('.')
  if (event.type.startsWith('response.function_call_arguments.')) {
    assert.equal(one.type, 'function_call')
    if (verb === 'delta') one.json += String(event['delta'])
    else assert.equal(event['arguments'], one.json)
  } else if (event.type.endsWith('_part.added')) {
    assert.equal(one.text, null, 'one part at a time')
    assert.equal(at, one.parts)
    one.text = ''
    one.parts += 1
  } else if (event.type.endsWith('_part.done')) {
    assert.ok(isRecord(event['part']))
    assert.equal(event['part']['text'] ?? event['part']['refusal'], one.text)
    one.text = null
  } else {
    assert.match(
      event.type,
      /^response\.(output_text|refusal|reasoning_text|reasoning_summary_text)\./,
    )
    assert.ok(one.text !== null, 'text stands in a part')
    assert.equal(at, one.parts - 1)
    if (verb === 'delta') one.text += String(event['delta'])
    else assert.equal(event['text'] ?? event['refusal'], one.text)
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
