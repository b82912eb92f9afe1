import assert from 'node:assert/strict'
import { sseStep, SSE_START } from '../sse.ts'

interface Wire {
  readonly type: string
  readonly index?: number
  readonly content_block?: { readonly type: string }
  readonly delta?: { readonly type?: string; readonly stop_reason?: string | null }
  readonly usage?: { readonly output_tokens?: number }
}

/** The events of a Messages stream, after a check of its grammar that shares nothing with the code under test. */
export function checkedStream(text: string): readonly Wire[] {
  const [rest, frames] = sseStep(SSE_START, text)
  assert.equal(rest.line + rest.data.join(''), '', 'whole frames only')
  const events = frames.map(({ event, data }) => {
    const parsed = JSON.parse(data) as Wire // the assertions below look at every field used
    assert.equal(event, parsed.type, 'the event name is the type')
    return parsed
  })
  const shape = events
    .filter(({ type }) => type !== 'ping')
    .map((event) => {
      if (event.type === 'content_block_start') return `<${event.content_block?.type}>`
      if (event.type === 'content_block_delta') return event.delta?.type ?? '?'
      if (event.type === 'content_block_stop') return '</>'
      return event.type
    })
    .join(' ')
  assert.match(
    shape,
    /^message_start(?: <text>(?: text_delta)+ <\/>| <thinking>(?: thinking_delta)*(?: signature_delta)? <\/>| <tool_use>(?: input_json_delta)+ <\/>)* message_delta message_stop$/,
  )
  let index = -1
  for (const event of events) {
    if (event.type === 'content_block_start') index += 1
    if (event.type.startsWith('content_block')) assert.equal(event.index, index)
  }
  const last = events.at(-2)
  assert.equal(typeof last?.delta?.stop_reason, 'string')
  assert.equal(typeof last?.usage?.output_tokens, 'number')
  return events
}
