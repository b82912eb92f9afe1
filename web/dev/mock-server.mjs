// For development only: a scripted gateway to look at the page with. It classifies nothing and keeps nothing; the
// product never loads this file. `node dev/mock-server.mjs [--port 4141] [--engine ready|pulling|failed] [--empty]`
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { parseArgs } from 'node:util'

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
const MODEL = 'smollm2-135m-instruct'
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const CSP = "default-src 'self'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

const startedAt = Date.now()
let signedIn = false
let counter = 0
const live = new Set()

const DETECTORS = [
  {
    type: 'FR_NIR',
    rule: 'fr-nir',
    class: 'restricted',
    category: 'personal',
    pattern: /\b[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d\d ?\d{3} ?\d{3} ?\d\d\b/g,
    en: 'Key checked (mod 97), and "social security" stands nearby.',
    fr: 'Clé vérifiée (mod 97), et « sécurité sociale » se trouve à côté.',
  },
  {
    type: 'IBAN_CODE',
    rule: 'iban',
    class: 'confidential',
    category: 'finance',
    pattern: /\bFR\d\d(?: ?[0-9A-Z]{4}){5} ?[0-9A-Z]{3}\b/g,
    en: 'Checksum verified (mod 97).',
    fr: 'Somme de contrôle vérifiée (mod 97).',
  },
  {
    type: 'EMAIL_ADDRESS',
    rule: 'email',
    class: 'internal',
    category: 'personal',
    pattern: /[\w.+-]+@[\w-]+\.[a-z]{2,}/g,
    en: 'It has the shape of an email address.',
    fr: "Cela a la forme d'une adresse électronique.",
  },
  {
    type: 'MEDICAL_CONDITION',
    rule: 'health-fr',
    class: 'restricted',
    category: 'health',
    pattern: /arrêt maladie|sick leave/g,
    en: 'A health term next to a person.',
    fr: "Un terme de santé près d'une personne.",
  },
]
const CLASSES = ['public', 'internal', 'confidential', 'restricted']
const DESTINATIONS = [
  { id: 'embedded', zone: 'device', jurisdiction: 'local', clearance: 'restricted', state: 'enabled', origin: 'embedded', health: 'ready', models: [{ name: MODEL, zone: 'device' }] },
  { id: 'ollama', zone: 'on-prem', jurisdiction: 'local', clearance: 'public', state: 'discovered', origin: 'discovered', health: 'ready', models: [{ name: 'qwen3-8b', zone: 'on-prem' }] },
  { id: 'cloud', zone: 'managed', jurisdiction: 'FR', clearance: 'internal', state: 'enabled', origin: 'config', health: 'ready', models: [{ name: 'mistral-small', zone: 'managed' }] },
  { id: 'vendor', zone: 'api', jurisdiction: 'US', clearance: 'public', state: 'listed', origin: 'environment', health: null, models: [{ name: 'gpt-5', zone: 'api' }] },
]

function engine() {
  if (values.engine !== 'pulling') {
    return { state: values.engine, model: MODEL, progress: null }
  }
  const done = Math.min(98_000_000, (Date.now() - startedAt) * 4_000 + 30_000_000)
  return { state: 'pulling', model: MODEL, progress: { done, total: 98_000_000 } }
}

function explainText(text, model, french) {
  const findings = DETECTORS.flatMap((detector) =>
    [...text.matchAll(detector.pattern)].map((match) => ({
      type: detector.type,
      rule: detector.rule,
      start: match.index,
      end: match.index + match[0].length,
      confidence: 0.95,
      explanation: french ? detector.fr : detector.en,
      detector,
    })),
  )
  const rank = Math.max(0, ...findings.map(({ detector }) => CLASSES.indexOf(detector.class)))
  const categories = [...new Set(findings.map(({ detector }) => detector.category))]
  const allowed = []
  const refused = []
  for (const destination of DESTINATIONS) {
    const name = destination.models[0].name
    if (model && model !== 'auto' && model !== name) continue
    const refuse = (code, rule, en, fr) =>
      refused.push({ destination: destination.id, model: name, code, rule, explanation: french ? fr : en })
    if (destination.id === 'embedded' && values.engine !== 'ready') {
      refuse('not-ready', 'health', 'The model is still being fetched.', 'Le modèle est en cours de téléchargement.')
    } else if (destination.state === 'listed') {
      refuse('not-enabled', 'destination.vendor', 'A key was seen in the environment; enable it with `ecluse destinations enable vendor`.', "Une clé a été vue dans l'environnement ; activez-la avec `ecluse destinations enable vendor`.")
    } else if (rank > CLASSES.indexOf(destination.clearance)) {
      refuse('clearance-too-low', `clearance.${destination.id}`, `Cleared up to ${destination.clearance} data.`, `Habilitée jusqu'aux données de classe « ${destination.clearance} ».`)
    } else {
      allowed.push({ destination: destination.id, model: name, zone: destination.zone, costEuro: null, tokensPerSecond: null })
    }
  }
  if (rank === 0) allowed.reverse()
  const first = allowed[0]
  const chosen = first
    ? { ...first, jurisdiction: DESTINATIONS.find(({ id }) => id === first.destination).jurisdiction }
    : null
  return {
    label: {
      class: CLASSES[rank],
      categories,
      undetermined: false,
      findings: findings.map(({ detector: _, ...finding }) => finding),
    },
    chosen,
    allowed,
    refused,
    duties: [],
    policyVersion: 'default-1',
    explanation: french
      ? `Ce texte est de classe ${CLASSES[rank]}${rank >= 2 ? ' : il reste sur vos machines' : ''}.`
      : `This text is ${CLASSES[rank]}${rank >= 2 ? ': it stays on your machines' : ''}.`,
  }
}

const newId = () => `01k9x${(Date.now() + (counter += 1)).toString(32)}q${counter.toString(32).padStart(4, '0')}`

function row(over = {}) {
  return {
    id: newId(), at: Date.now(), surface: 'openai-chat', key: 'admin', model: 'auto', class: 'public', categories: [],
    undetermined: false, findings: {}, destination: 'cloud', served: 'mistral-small', zone: 'managed', refusal: null,
    outcome: { status: 200, code: null, promptTokens: 41, completionTokens: 126, firstByteMs: 210, totalMs: 1840 }, ...over,
  }
}

const at = (secondsAgo) => Date.now() - secondsAgo * 1000
const rows = values.empty
  ? []
  : [
      row({ at: at(12), outcome: null, destination: 'embedded', served: MODEL, zone: 'device', class: 'restricted', categories: ['personal'], findings: { FR_NIR: 1 } }),
      row({ at: at(64) }),
      row({ at: at(140), class: 'restricted', categories: ['credentials'], findings: { SECRET: 2 }, model: 'gpt-5', destination: null, served: null, zone: null, refusal: 'no-eligible-destination', outcome: { status: 403, code: 'no-eligible-destination', promptTokens: null, completionTokens: null, firstByteMs: null, totalMs: 3 } }),
      row({ at: at(222), class: 'internal', categories: ['personal'], findings: { EMAIL_ADDRESS: 1 } }),
      row({ at: at(310), class: 'confidential', categories: ['finance'], findings: { IBAN_CODE: 1 }, destination: 'embedded', served: MODEL, zone: 'device', outcome: { status: 200, code: null, promptTokens: 1204, completionTokens: 388, firstByteMs: 640, totalMs: 12_480 } }),
      row({ at: at(420), outcome: { status: 502, code: 'destination-failed', promptTokens: null, completionTokens: null, firstByteMs: null, totalMs: 30_012 } }),
      row({ at: at(600), class: 'restricted', undetermined: true, destination: 'embedded', served: MODEL, zone: 'device' }),
      ...Array.from({ length: 20 }, (_, index) => row({ at: at(700 + index * 97) })),
    ]

function publish(event, data) {
  for (const response of live) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

const fail = (response, status, code, message, remedy, headers = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify({ error: { code, message, remedy, param: null, type: 'invalid_request_error' } }))
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

async function answerChat(request, response, french) {
  const { messages, model } = await bodyOf(request)
  const verdict = explainText(messages.map(({ content }) => content).join('\n\n'), model, french)
  const findings = {}
  for (const { type } of verdict.label.findings) findings[type] = (findings[type] ?? 0) + 1
  const decision = row({
    model, class: verdict.label.class, categories: verdict.label.categories, findings, outcome: null,
    destination: verdict.chosen?.destination ?? null, served: verdict.chosen?.model ?? null, zone: verdict.chosen?.zone ?? null,
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
    end({ status: 403, code: 'no-eligible-destination', promptTokens: null, completionTokens: null, firstByteMs: null, totalMs: 2 })
    return french
      ? fail(response, 403, 'no-eligible-destination', `Aucune destination ne peut voir cette requête : elle est ${verdict.label.class}, et 1 destination(s) ont été refusées (clearance-too-low).`, `Retirez les données sensibles (FR_NIR), faites tourner un modèle sur vos machines, ou faites changer la politique. Détail : \`ecluse audit show ${decision.id}\`.`, headers)
      : fail(response, 403, 'no-eligible-destination', `No destination may see this request: it is ${verdict.label.class}, and 1 destination(s) were refused (clearance-too-low).`, `Remove the sensitive data (FR_NIR), run a model on your own machines, or have the policy changed. See why: \`ecluse audit show ${decision.id}\`.`, headers)
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers })
  const text = french
    ? "Une écluse est un bassin fermé par deux portes : on y fait monter ou descendre l'eau pour qu'un bateau passe d'un niveau à l'autre.\n\n```\namont -> sas -> aval\n```\n\nRien ne passe tant que la porte n'est pas ouverte, et jamais les deux portes à la fois."
    : 'A canal lock is a basin closed by two gates: water is let in or out so that a boat can pass from one level to the other.\n\n```\nupstream -> chamber -> downstream\n```\n\nNothing passes until the gate is open, and never both gates at once.'
  const started = Date.now()
  let sent = 0
  for (const word of text.split(/(?<= )/)) {
    if (response.destroyed) break
    sent += 1
    response.write(`data: ${JSON.stringify({ model: verdict.chosen.model, choices: [{ index: 0, delta: { content: word }, finish_reason: null }] })}\n\n`)
    await new Promise((resolve) => setTimeout(resolve, Number(values.pace)))
  }
  end({ status: 200, code: null, promptTokens: 60, completionTokens: sent, firstByteMs: 40, totalMs: Date.now() - started })
  response.end(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`)
}

async function serveFile(path, response) {
  const wanted = path === '/' || extname(path) === '' ? '/index.html' : normalize(path)
  try {
    const bytes = await readFile(join(DIST, wanted))
    response.writeHead(200, { 'content-type': TYPES[extname(wanted)] ?? 'application/octet-stream', 'content-security-policy': CSP })
    response.end(bytes)
  } catch {
    response.writeHead(404).end('not found')
  }
}

async function handle(request, response) {
  const url = new URL(request.url, 'http://localhost')
  const french = (request.headers['accept-language'] ?? '').startsWith('fr')
  const route = `${request.method} ${url.pathname}`
  if (!url.pathname.startsWith('/api') && !url.pathname.startsWith('/v1')) return serveFile(url.pathname, response)
  if (route === 'POST /api/session') {
    const { key } = await bodyOf(request)
    if (key !== KEY) {
      return french
        ? fail(response, 401, 'invalid-key', "Cette clé d'API n'est pas connue ici.", 'Vérifiez la clé, ou créez-en une avec `ecluse keys create`.')
        : fail(response, 401, 'invalid-key', 'This API key is not known here.', 'Check the key, or make a new one with `ecluse keys create`.')
    }
    signedIn = true
    return json(response, { name: 'admin', scopes: ['inference', 'classify', 'audit', 'admin'], tenant: 'default' })
  }
  if (!signedIn) return fail(response, 401, 'missing-key', 'No API key was given.', 'Sign in.')
  if (route === 'GET /api/session') return json(response, { name: 'admin', scopes: ['inference', 'classify', 'audit', 'admin'], tenant: 'default' })
  if (route === 'DELETE /api/session') {
    signedIn = false
    return response.writeHead(204).end()
  }
  if (route === 'GET /api/status') {
    return json(response, { version: '0.1.0', uptimeMs: Date.now() - startedAt, engine: engine(), destinations: DESTINATIONS, policyVersion: 'default-1' })
  }
  if (route === 'POST /api/explain') {
    const { text, model } = await bodyOf(request)
    return json(response, explainText(text, model, french))
  }
  if (route === 'GET /v1/models') {
    return json(response, { object: 'list', data: DESTINATIONS.flatMap(({ models }) => models).map(({ name }) => ({ id: name, object: 'model' })) })
  }
  if (route === 'POST /v1/chat/completions') return answerChat(request, response, french)
  if (route === 'GET /api/decisions') {
    const wanted = rows.filter(
      (one) =>
        (!url.searchParams.has('class') || one.class === url.searchParams.get('class')) &&
        (!url.searchParams.has('destination') || one.destination === url.searchParams.get('destination')) &&
        (url.searchParams.get('refused') !== 'true' || one.refusal !== null),
    )
    const from = Number(url.searchParams.get('before') ?? 0)
    const page = wanted.slice(from, from + 20)
    return json(response, { decisions: page, next: from + 20 < wanted.length ? String(from + 20) : null })
  }
  if (route === 'GET /api/decisions/live') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(': open\n\n')
    live.add(response)
    response.on('close', () => live.delete(response))
    return undefined
  }
  return fail(response, 404, 'not-found', 'Nothing is here.', 'See the list of routes.')
}

createServer((request, response) => {
  handle(request, response).catch(() => response.destroy())
}).listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`Mock gateway (development only) on http://127.0.0.1:${values.port}/ · key: ${KEY}\n`)
})
