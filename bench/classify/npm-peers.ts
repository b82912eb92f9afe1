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

/** What it writes in the place of each thing; it takes no other names for one rule alone. */
const REDACTED: Readonly<Record<string, string>> = {
  PERSON_NAME: 'PERSON',
  CREDENTIALS: 'SECRET',
  CREDIT_CARD_NUMBER: 'CREDIT_CARD',
  STREET_ADDRESS: 'LOCATION',
  ZIPCODE: 'LOCATION',
  PHONE_NUMBER: 'PHONE_NUMBER',
  IP_ADDRESS: 'IP_ADDRESS',
  US_SOCIAL_SECURITY_NUMBER: 'US_SSN',
  EMAIL_ADDRESS: 'EMAIL_ADDRESS',
  USERNAME: 'USERNAME',
  PASSWORD: 'SECRET',
  URL: 'URL',
  DIGITS: 'DIGITS',
}

async function redactPii(load: Load): Promise<Omit<Adapter, 'version'>> {
  const module = await load('redact-pii')
  const from = field(module, 'SyncRedactor') === undefined ? field(module, 'default') : module
  const redactor = newOf(from, 'SyncRedactor')
  const redact = method(redactor, 'redact').bind(redactor)
  return {
    run: (text) => redact(text),
    read(raw, text) {
      // a word that stands in the text itself says nothing
      const names = Object.keys(REDACTED).filter((name) => !text.includes(name))
      const marked = String(raw).replaceAll(
        new RegExp(names.join('|'), 'g'),
        (name) => OPEN + (REDACTED[name] ?? name) + CLOSE,
      )
      return { spans: alignReplaced(text, marked) }
    },
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
