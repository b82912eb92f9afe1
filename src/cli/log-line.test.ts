import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logLine } from './log-line.ts'
import { createTerminal } from './terminal.ts'

const terminal = createTerminal({
  language: 'fr',
  json: false,
  colour: false,
  stdout: process.stdout,
  stderr: process.stderr,
})

test('a request is one short line for a person, anything else stays as it was written', () => {
  const request = {
    msg: 'request',
    time: '2026-11-21T20:36:54.000Z',
    route: '/v1/messages',
    class: 'restricted',
    destination: 'embedded',
    status: 200,
    code: null,
    ms: 53.4,
  }
  assert.equal(
    logLine(JSON.stringify(request), terminal),
    '20:36:54  /v1/messages  restreinte  -> embedded  200  53 ms',
  )
  const refused = { ...request, destination: null, code: 'no-eligible-destination', status: 403 }
  assert.match(logLine(JSON.stringify(refused), terminal), /-> no-eligible-destination {2}403/)
  for (const other of ['{"level":"warn","code":"engine"}', 'not json']) {
    assert.equal(logLine(other, terminal), other)
  }
})
