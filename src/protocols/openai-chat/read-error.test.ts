import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readOpenAiError } from './read-error.ts'

const read = (body: unknown): unknown =>
  readOpenAiError(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))

const said = (message: string, more: object = {}): unknown => ({
  message,
  type: 'invalid_request_error',
  param: null,
  code: null,
  ...more,
})

test('every shape in which servers of this dialect refuse is read', () => {
  const shapes: readonly [unknown, unknown][] = [
    [
      { error: { message: 'No.', type: 't', param: 'p', code: 'c' } },
      { ...(said('No.') as object), type: 't', param: 'p', code: 'c' },
    ],
    [{ error: { code: 404, message: 'No.' }, user_id: 'u' }, said('No.')],
    [[{ error: { code: 400, message: 'No.', status: 'INVALID_ARGUMENT' } }], said('No.')],
    [{ error: 'No.', error_type: 'validation' }, said('No.', { type: 'validation' })],
    [{ code: 'Bad', error: 'No.' }, said('No.', { code: 'Bad' })],
    [{ error: 'Bad Request', status: 400, message: 'No.' }, said('No.')],
    [
      { object: 'error', message: 'No.', type: 't', param: null, code: 400 },
      said('No.', { type: 't' }),
    ],
    [
      { message: 'No.', type: 't', param: 'n', code: 'wrong' },
      said('No.', { type: 't', param: 'n', code: 'wrong' }),
    ],
    [{ detail: 'No.' }, said('No.')],
    [{ detail: { error: 'No.' } }, said('No.')],
    [{ result: 'error', error: { code: 'c', description: 'No.' } }, said('No.', { code: 'c' })],
    [{ httpStatus: 400, messages: [{ errorCode: '1', message: 'No.' }] }, said('No.')],
    [{ errors: [{ code: 'c', message: 'No.' }], trace: 't' }, said('No.', { code: 'c' })],
  ]
  for (const [body, expected] of shapes)
    assert.deepEqual(read(body), expected, JSON.stringify(body))
})

test('a list of problems is told by place and reason, never with the text that had them', () => {
  const detail = [
    { type: 'extra_forbidden', loc: ['body', 'store'], msg: 'Not permitted', input: 'secret' },
    { type: 'missing', loc: ['body', 'messages', 0, 'content'], msg: 'Missing', input: 'secret' },
  ]
  const told = said('store: Not permitted; messages.0.content: Missing', { param: 'store' })
  assert.deepEqual(read({ detail }), told)
  assert.deepEqual(read({ object: 'error', message: { detail } }), told)
})

test('a bad key under another status is still about our key, and its words stay here', () => {
  for (const message of [
    'Incorrect API key provided: ab***yz.',
    'API key not valid. Please pass one.',
  ]) {
    const error = read([{ error: { code: 400, message } }]) as { type: string; message: string }
    assert.equal(error.type, 'authentication_error')
    assert.doesNotMatch(error.message, /ab\*|Please pass/)
  }
})

test('what is no error body is none', () => {
  for (const body of [
    '',
    '<html>',
    '"text"',
    {},
    [],
    { error: {} },
    { error: { message: 1 } },
    { detail: [] },
  ]) {
    assert.equal(read(body), null, JSON.stringify(body))
  }
})

test('a text that is too long has the code by which clients shorten it, whoever says so', () => {
  const codeOf = (error: object): unknown => (read({ error }) as { code: unknown }).code
  const long = 'context_length_exceeded'
  assert.equal(codeOf({ message: 'x', type: 'exceed_context_size_error', code: 400 }), long)
  assert.equal(
    codeOf({ message: "This model's maximum context length is 8 tokens.", code: 400 }),
    long,
  )
  assert.equal(codeOf({ message: 'x', code: 'own' }), 'own')
  assert.equal(codeOf({ message: 'too long', code: 400 }), null)
})
