import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '#kernel/canonical-json.ts'
import { readResponsesRequest } from './request.ts'
import { responsesSurface } from './surface.ts'

const MODEL = { name: 'm', upstream: 'm-1' }

function sent(fields: JsonObject, apis?: readonly 'responses'[]) {
  const read = readResponsesRequest({ model: 'm', input: 'hello', ...fields })
  assert.ok(read.ok)
  const surface = responsesSurface(read.value, { id: 'ab-cd', createdSeconds: 7 })
  return surface.forDestination('openai', MODEL, apis)
}

test('a destination that serves Responses itself gets the body as it was, under its own name of the model, and keeps nothing', () => {
  const fields = {
    future_field: { deep: [1, 2.5, null] },
    truncation: 'auto',
    prompt_cache_key: 'k',
    stream: true,
    previous_response_id: null,
  }
  const out = sent(fields, ['responses'])
  assert.ok(out.ok)
  assert.equal(out.value.path, '/responses')
  assert.deepEqual(out.value.body, { ...fields, model: 'm-1', input: 'hello', store: false })
  assert.deepEqual(out.value.dropped, [])
})

test('every other one is asked through chat, and told what it cannot be told', () => {
  for (const apis of [undefined, []]) {
    const out = sent({ truncation: 'auto' }, apis)
    assert.ok(out.ok)
    assert.equal(out.value.path, '/chat/completions')
    assert.deepEqual(out.value.dropped, ['truncation'])
  }
})

test('tools that the caller runs go out as they are, also inside a namespace', () => {
  const tools = [
    { type: 'function', name: 'f' },
    { type: 'custom', name: 'g', format: { type: 'grammar' } },
    { type: 'web_search_preview_2025_03_11' },
    { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'h' }] },
  ]
  const out = sent({ tools }, ['responses'])
  assert.ok(out.ok)
  assert.deepEqual(out.value.body?.['tools'], tools)
})

test('a tool that reaches a server or a state outside of the verdict is refused by name, there too', () => {
  const outside: readonly [JsonObject, string][] = [
    [{ type: 'mcp', server_url: 'https://elsewhere.test' }, 'tools.1.mcp'],
    [{ type: 'file_search', vector_store_ids: ['vs_1'] }, 'tools.1.file_search'],
    [{ type: 'code_interpreter', container: 'c_1' }, 'tools.1.code_interpreter'],
    [{ type: 'namespace', tools: [{ type: 'mcp' }] }, 'tools.1.namespace'],
    [{ type: 'something_new' }, 'tools.1.type'],
  ]
  for (const [tool, param] of outside) {
    const out = sent({ tools: [{ type: 'function', name: 'f' }, tool] }, ['responses'])
    assert.deepEqual(out, { ok: false, error: { code: 'unsupported-parameter', param } })
  }
})
