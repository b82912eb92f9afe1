// For development only: a scripted gateway to look at the page with. It classifies nothing and keeps nothing; the
// product never loads this file. `node dev/mock-server.mjs [--port 4141] [--engine ready|pulling|failed] [--empty]`
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { parseArgs } from 'node:util'
import { exampleRows, row } from './mock-decisions.mjs'
import { CLASS_FR, DESTINATIONS, MODEL, explainText } from './mock-verdict.mjs'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4141' },
    engine: { type: 'string', default: 'ready' },
    empty: { type: 'boolean', default: false },
    // Milliseconds between two words of an answer.
    pace: { type: 'string', default: '40' },
  },
})

const DIST = join(import.meta.dirname, '..', 'dist')
const KEY = ['ecl', 'dev'].join('_')
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const CSP =
  "default-src 'self'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

const startedAt = Date.now()
let signedIn = false
const live = new Set()
const rows = values.empty ? [] : exampleRows()

function engine() {
  if (values.engine !== 'pulling') {
    return { state: values.engine, model: MODEL, progress: null }
  }
  const done = Math.min(98_000_000, (Date.now() - startedAt) * 4_000 + 30_000_000)
  return { state: 'pulling', model: MODEL, progress: { done, total: 98_000_000 } }
}

function publish(event, data) {
  for (const response of live) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

const fail = (response, status, code, message, remedy, headers = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(
    JSON.stringify({
      error: { code, message, remedy, param: null, type: 'invalid_request_error' },
    }),
  )
}
const json = (response, body, headers = {}) => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

async function bodyOf(request) {
  let text = ''
  for await (const chunk of request) text += chunk
  return JSON.parse(text)
}

function refuseChat(response, decision, dataClass, french, headers) {
  return french
    ? fail(
        response,
        403,
        'no-eligible-destination',
        `Aucune destination ne peut voir cette requête : elle est de classe « ${CLASS_FR[dataClass]} », et 1 destination(s) ont été refusées (clearance-too-low).`,
        `Retirez les données sensibles (FR_NIR), faites tourner un modèle sur vos machines, ou faites changer la politique. Détail : \`ecluse audit show ${decision.id}\`.`,
        headers,
      )
    : fail(
        response,
        403,
        'no-eligible-destination',
        `No destination may see this request: it is ${dataClass}, and 1 destination(s) were refused (clearance-too-low).`,
        `Remove the sensitive data (FR_NIR), run a model on your own machines, or have the policy changed. See why: \`ecluse audit show ${decision.id}\`.`,
        headers,
      )
}

async function answerChat(request, response, french) {
  const { messages, model } = await bodyOf(request)
  const text = messages.map(({ content }) => content).join('\n\n')
  const verdict = explainText(text, model, french, values.engine === 'ready')
  const findings = {}
  for (const { type } of verdict.label.findings) findings[type] = (findings[type] ?? 0) + 1
  const decision = row({
    model,
    class: verdict.label.class,
    categories: verdict.label.categories,
    findings,
    outcome: null,
    destination: verdict.chosen?.destination ?? null,
    served: verdict.chosen?.model ?? null,
    zone: verdict.chosen?.zone ?? null,
    refusal: verdict.chosen ? null : 'no-eligible-destination',
  })
  const headers = {
    'x-ecluse-class': verdict.label.class,
    'x-ecluse-destination': verdict.chosen?.destination ?? 'none',
    'x-ecluse-decision': `${decision.id};${'ab'.repeat(32)}`,
  }
  rows.unshift(decision)
  publish('decision', decision)
  const end = (outcome) => {
    decision.outcome = outcome
    publish('outcome', { decision: decision.id, ...outcome })
  }
  if (verdict.chosen === null) {
    end({
      status: 'refused',
      code: 'no-eligible-destination',
      promptTokens: null,
      completionTokens: null,
      firstByteMs: null,
      totalMs: 2,
    })
    return refuseChat(response, decision, verdict.label.class, french, headers)
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers })
  const answer = french
    ? "Une écluse est un bassin fermé par deux portes : on y fait monter ou descendre l'eau pour qu'un bateau passe d'un niveau à l'autre.\n\n```\namont -> sas -> aval\n```\n\nRien ne passe tant que la porte n'est pas ouverte, et jamais les deux portes à la fois."
    : 'A canal lock is a basin closed by two gates: water is let in or out so that a boat can pass from one level to the other.\n\n```\nupstream -> chamber -> downstream\n```\n\nNothing passes until the gate is open, and never both gates at once.'
  const started = Date.now()
  let sent = 0
  for (const word of answer.split(/(?<= )/)) {
    if (response.destroyed) break
    sent += 1
    response.write(
      `data: ${JSON.stringify({ model: verdict.chosen.model, choices: [{ index: 0, delta: { content: word }, finish_reason: null }] })}\n\n`,
    )
    await new Promise((resolve) => setTimeout(resolve, Number(values.pace)))
  }
  end({
    status: 'answered',
    code: null,
    promptTokens: 60,
    completionTokens: sent,
    firstByteMs: 40,
    totalMs: Date.now() - started,
  })
  response.end(
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`,
  )
}

async function serveFile(path, response) {
  const wanted = path === '/' || extname(path) === '' ? '/index.html' : normalize(path)
  try {
    const bytes = await readFile(join(DIST, wanted))
    response.writeHead(200, {
      'content-type': TYPES[extname(wanted)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
    })
    response.end(bytes)
  } catch {
    response.writeHead(404).end('not found')
  }
}

const WHO = {
  name: 'admin',
  scopes: ['inference', 'classify', 'audit', 'admin'],
  tenant: 'default',
}

const ROUTES = {
  'POST /api/session': async ({ request, response, french }) => {
    const { key } = await bodyOf(request)
    signedIn = key === KEY
    if (signedIn) json(response, WHO)
    else if (french) {
      fail(
        response,
        401,
        'invalid-key',
        "Cette clé d'API n'est pas connue ici.",
        'Vérifiez la clé, ou créez-en une avec `ecluse keys create`.',
      )
    } else {
      fail(
        response,
        401,
        'invalid-key',
        'This API key is not known here.',
        'Check the key, or make a new one with `ecluse keys create`.',
      )
    }
  },
  'GET /api/session': ({ response }) => json(response, WHO),
  'DELETE /api/session': ({ response }) => {
    signedIn = false
    response.writeHead(204).end()
  },
  'GET /api/status': ({ response }) =>
    json(response, {
      version: '0.1.0',
      uptimeMs: Date.now() - startedAt,
      engine: engine(),
      destinations: DESTINATIONS,
      policyVersion: 'default-1',
    }),
  'POST /api/explain': async ({ request, response, french }) => {
    const { text, model } = await bodyOf(request)
    json(response, explainText(text, model, french, values.engine === 'ready'))
  },
  'GET /v1/models': ({ response }) =>
    json(response, {
      object: 'list',
      data: DESTINATIONS.flatMap(({ models }) => models).map(({ name }) => ({
        id: name,
        object: 'model',
      })),
    }),
  'POST /v1/chat/completions': ({ request, response, french }) =>
    answerChat(request, response, french),
  'GET /api/decisions': ({ response, url }) => {
    const asked = (name) => url.searchParams.get(name)
    const wanted = rows.filter(
      (one) =>
        (asked('class') ?? one.class) === one.class &&
        (asked('destination') ?? one.destination) === one.destination &&
        (asked('refused') !== 'true' || one.refusal !== null),
    )
    const from = Number(asked('before') ?? 0)
    const next = from + 20 < wanted.length ? String(from + 20) : null
    json(response, { decisions: wanted.slice(from, from + 20), next })
  },
  'GET /api/decisions/live': ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(': open\n\n')
    live.add(response)
    response.on('close', () => live.delete(response))
  },
}

async function handle(request, response) {
  const url = new URL(request.url, 'http://localhost')
  if (!/^\/(api|v1)\//.test(url.pathname)) return serveFile(url.pathname, response)
  const name = `${request.method} ${url.pathname}`
  const french = (request.headers['accept-language'] ?? '').startsWith('fr')
  if (!signedIn && name !== 'POST /api/session') {
    return fail(response, 401, 'missing-key', 'No API key was given.', 'Sign in.')
  }
  const route = ROUTES[name]
  if (route === undefined)
    return fail(response, 404, 'not-found', 'Nothing is here.', 'See the list of routes.')
  return route({ request, response, url, french })
}

createServer((request, response) => {
  handle(request, response).catch(() => response.destroy())
}).listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(
    `Mock gateway (development only) on http://127.0.0.1:${values.port}/ · key: ${KEY}\n`,
  )
})
