// `node test/leaks/sockets.ts --exchanges 20000`: the same over real sockets, against servers that record; ends with 1 when something leaked.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CLASSES, type DataClass } from '#kernel/label.ts'
import { startGateway } from '../../src/main/start-gateway.ts'
import { configOf } from '../support/gateway.ts'
import type { Canary } from './canary.ts'
import { makeRequest } from './conversation.ts'
import { Dice } from './dice.ts'

const PLACES = [
  { id: 'api', zone: 'api', clearance: 'public', dialect: 'openai' },
  { id: 'managed', zone: 'managed', clearance: 'internal', dialect: 'anthropic' },
  { id: 'house', zone: 'on-prem', clearance: 'confidential', dialect: 'openai' },
  { id: 'board', zone: 'device', clearance: 'restricted', dialect: 'ollama' },
] as const satisfies readonly {
  id: string
  zone: string
  clearance: DataClass
  dialect: string
}[]
/** Exchanges at the same time. */
const AT_ONCE = 16
/** Canaries that are looked for in what is recorded. */
const REMEMBERED = 200

const { values } = parseArgs({
  options: {
    exchanges: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
})
const dice = new Dice(Number(values.seed))
const leaks = new Set<string>()
const planted: Canary[] = []
const figures = { exchanges: 0, planted: 0, recorded: 0, redirected: 0, answered: 0, hits: 0 }

/** Records what reaches a place, and judges it by the clearance of the place alone. */
function witness(place: string, clearance: DataClass | null, body: string): void {
  figures.recorded += 1
  if (clearance === null) leaks.add('a redirect was followed')
  for (const { needles, class: has } of planted.slice(-REMEMBERED)) {
    if (!needles.some((needle) => body.includes(needle))) continue
    if (clearance === null || CLASSES.indexOf(has) > CLASSES.indexOf(clearance))
      leaks.add(`a ${has} value reached ${place}`)
  }
}

async function listen(place: string, clearance: DataClass | null, thief: string): Promise<Server> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      witness(place, clearance, `${request.url ?? ''}\n${JSON.stringify(request.headers)}\n${body}`)
      behave(response, body, thief)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function behave(response: ServerResponse, body: string, thief: string): void {
  const json = (status: number, what: object, headers: object = {}): void =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(what))
  switch (dice.below(14)) {
    case 0:
      return json(500, { error: { message: body.slice(0, 200) } })
    case 1:
      return json(429, { error: { message: 'slow down' } }, { 'retry-after': '0' })
    case 2:
      figures.redirected += 1
      return void response
        .writeHead(dice.one([301, 302, 307, 308]), { location: `${thief}/v1/chat/completions` })
        .end()
    case 3:
      return void response.destroy()
    case 4:
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"choices":[{"index":0,"delta":{"content":"ha')
      return void setTimeout(() => response.destroy(), 2)
    case 5:
      return void setTimeout(() => json(200, chatAnswer(body)), 20)
    default:
      return json(200, chatAnswer(body))
  }
}

/** In all dialects at once: each reads its own fields. */
const chatAnswer = (said: string): object => ({
  id: 'a',
  type: 'message',
  role: 'assistant',
  model: 'x',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: `yes ${said.length}` },
      finish_reason: 'stop',
    },
  ],
  content: [{ type: 'text', text: `yes ${said.length}` }],
  stop_reason: 'end_turn',
  message: { role: 'assistant', content: `yes ${said.length}` },
  done: true,
  done_reason: 'stop',
  usage: { prompt_tokens: 1, completion_tokens: 1, input_tokens: 1, output_tokens: 1 },
})

const portOf = (server: Server): number => (server.address() as AddressInfo).port // on TCP

const thief = await listen('nowhere', null, '')
const thiefUrl = `http://127.0.0.1:${portOf(thief)}`
const servers = await Promise.all(
  PLACES.map(({ id, clearance }) => listen(id, clearance, thiefUrl)),
)
const home = mkdtempSync(join(tmpdir(), 'ecl-'))
const rows = PLACES.map(({ id, zone, clearance, dialect }, at) => {
  const server = servers[at]
  const url = `http://127.0.0.1:${server ? portOf(server) : 0}${dialect === 'ollama' ? '' : '/v1'}`
  return `  - {id: ${id}, dialect: ${dialect}, url: "${url}", zone: ${zone}, jurisdiction: FR, clearance: {class: ${clearance}}, breaker: {failed_percent: 100, open_ms: 1}, models: [{name: m, upstream: ${id}-m}]}`
})
const rules = CLASSES.map((name, at) => {
  const zones = ['device', 'on-prem', 'managed', 'api'].slice(0, CLASSES.length - at)
  return `    - {id: ${name}, match: {classes: [${name}]}, allow: {zones: [${zones.join(', ')}]}}`
})
const config = configOf(
  home,
  `discover: false\nengine: {enabled: false}\ncache: {exact: true, store: database}\ndestinations:\n${rows.join('\n')}\npolicy:\n  rules:\n${rules.join('\n')}\n`,
)
const lines: string[] = []
const started = await startGateway(config, {
  version: '0',
  root: home,
  environment: {},
  note: (line) => void lines.push(line),
})
if (!started.ok) throw new Error(started.error.en)
const gateway = started.value
const key = readFileSync(gateway.adminKeyFile, 'utf8').trim()

async function one(): Promise<void> {
  const { path, body, planted: own } = makeRequest(dice)
  planted.push(...own)
  figures.planted += own.length
  figures.exchanges += 1
  try {
    const answer = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (answer.headers.get('x-ecluse-cache') === 'hit') figures.hits += 1
    if (answer.status === 200) figures.answered += 1
    await answer.text()
  } catch {
    // a stream that broke off
  }
}

/** Everything on the disk of the gateway, and all that it said. */
function lookAtHome(): void {
  const texts = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'))
  for (const { needles, class: has } of planted.slice(-5000)) {
    for (const needle of needles) {
      if (texts.some((text) => text.includes(needle))) leaks.add(`a ${has} value is on the disk`)
    }
  }
  const said = lines.join('\n')
  for (const { needles, class: has } of planted) {
    if (needles.some((needle) => said.includes(needle))) leaks.add(`a ${has} value is in the log`)
  }
}

const begun = performance.now()
const wanted = Number(values.exchanges)
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (figures.exchanges < wanted && leaks.size === 0) await one()
  }),
)
await gateway.stop()
lookAtHome()
for (const server of [thief, ...servers]) server.closeAllConnections()
for (const server of [thief, ...servers]) server.close()
rmSync(home, { recursive: true, force: true })
const seconds = Math.round((performance.now() - begun) / 1000)
process.stdout.write(`${JSON.stringify({ ...figures, leaks: [...leaks], seconds })}\n`)
process.exit(leaks.size === 0 ? 0 : 1)
