import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { field, listOf, method, newOf, type Adapter } from './adapter.ts'
import { alignReplaced, CLOSE, OPEN } from './align.ts'
import type { Span } from './row.ts'

type Load = (name: string) => Promise<unknown>

/** Detectors from npm by their package, each as its own README starts it, with what it finds by default. */
export const NPM_PEERS: Readonly<
  Record<string, (load: Load) => Promise<Omit<Adapter, 'version'>>>
> = {
  '@openai/guardrails': guardrails,
  openredaction,
  'redact-pii': redactPii,
  '@arcjet/redact': arcjet,
  secretlint,
}

/** A peer from the folder it was installed in. */
export async function npmPeer(name: string, folder: string): Promise<Adapter> {
  const make = NPM_PEERS[name]
  if (!make) throw new Error(`no peer ${name}`)
  const require = createRequire(join(folder, 'package.json'))
  const load: Load = (wanted) => import(pathToFileURL(require.resolve(wanted)).href)
  const main = name === 'secretlint' ? '@secretlint/core' : name
  const about: unknown = JSON.parse(
    readFileSync(join(folder, 'node_modules', main, 'package.json'), 'utf8'),
  )
  return { ...(await make(load)), version: String(field(about, 'version')) }
}

async function guardrails(load: Load): Promise<Omit<Adapter, 'version'>> {
  const module = await load('@openai/guardrails')
  const config = method(field(module, 'PIIConfig'), 'parse').call(field(module, 'PIIConfig'), {})
  const pii = method(module, 'pii')
  return {
    run: (text) => pii({}, text, config),
    // it tells texts, not places: each is looked for from the beginning on
    read(raw, text) {
      const found = field(field(raw, 'info'), 'detected_entities')
      const spans: Span[] = []
      for (const [type, values] of Object.entries(found ?? {})) {
        let at = 0
        for (const value of listOf(values)) {
          const start = text.indexOf(String(value), at)
          if (start < 0) continue
          at = start + String(value).length
          spans.push({ start, end: at, type })
        }
      }
      return { spans }
    },
  }
}

async function openredaction(load: Load): Promise<Omit<Adapter, 'version'>> {
  const detector = newOf(await load('openredaction'), 'OpenRedaction', {})
  const detect = method(detector, 'detect').bind(detector)
  return {
    run: (text) => detect(text),
    read: (raw) => ({
      spans: listOf(field(raw, 'detections')).map((one) => {
        const [start, end] = listOf(field(one, 'position'))
        return { start: Number(start), end: Number(end), type: String(field(one, 'type')) }
      }),
    }),
  }
}

/** Names of its own for what it replaces, one letter each, so that no later rule of it reads them. */
const REDACTORS: Readonly<Record<string, readonly [string, string]>> = {
  names: ['n', 'PERSON'],
  credentials: ['c', 'SECRET'],
  creditCardNumber: ['k', 'CREDIT_CARD'],
  streetAddress: ['s', 'LOCATION'],
  zipcode: ['z', 'LOCATION'],
  phoneNumber: ['t', 'PHONE_NUMBER'],
  ipAddress: ['i', 'IP_ADDRESS'],
  usSocialSecurityNumber: ['u', 'US_SSN'],
  emailAddress: ['e', 'EMAIL_ADDRESS'],
  username: ['l', 'USERNAME'],
  password: ['p', 'SECRET'],
  url: ['w', 'URL'],
  digits: ['d', 'DIGITS'],
}

async function redactPii(load: Load): Promise<Omit<Adapter, 'version'>> {
  const module = await load('redact-pii')
  const builtInRedactors = Object.fromEntries(
    Object.entries(REDACTORS).map(([name, [letter]]) => [
      name,
      { replaceWith: `${OPEN}${letter}${CLOSE}` },
    ]),
  )
  const from = field(module, 'SyncRedactor') === undefined ? field(module, 'default') : module
  const redactor = newOf(from, 'SyncRedactor', { builtInRedactors })
  const redact = method(redactor, 'redact').bind(redactor)
  const types = new Map(Object.values(REDACTORS))
  return {
    run: (text) => redact(text),
    read: (raw, text) => ({
      spans: alignReplaced(text, String(raw)).map((span) => ({
        ...span,
        type: types.get(span.type) ?? span.type,
      })),
    }),
  }
}

async function arcjet(load: Load): Promise<Omit<Adapter, 'version'>> {
  const redact = method(await load('@arcjet/redact'), 'redact')
  const entities = ['email', 'phone-number', 'ip-address', 'credit-card-number']
  const replace = (entity: unknown): string => `${OPEN}${String(entity)}${CLOSE}`
  return {
    run: (text) => redact(text, { entities, replace }),
    read: (raw, text) => ({ spans: alignReplaced(text, String(listOf(raw)[0])) }),
  }
}

async function secretlint(load: Load): Promise<Omit<Adapter, 'version'>> {
  const lintSource = method(await load('@secretlint/core'), 'lintSource')
  const id = '@secretlint/secretlint-rule-preset-recommend'
  const rule = field(await load(id), 'creator')
  const options = { config: { rules: [{ id, rule, options: {} }] }, noPhysicFilePath: true }
  return {
    run: (content) =>
      lintSource({
        source: { filePath: '/text.txt', content, ext: '.txt', contentType: 'text' },
        options,
      }),
    read: (raw) => ({
      spans: listOf(field(raw, 'messages')).map((message) => {
        const [start, end] = listOf(field(message, 'range'))
        return { start: Number(start), end: Number(end), type: 'SECRET' }
      }),
    }),
  }
}
