import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Target } from './load.ts'
import { freePort, start, type Program } from './processes.ts'

/** One gateway under measurement, or the way straight to the upstream. */
export interface Subject {
  readonly id: string
  readonly target: Target
  /** Null for the direct way: nothing of it is counted. */
  readonly program: Program | null
  /** Of the requests of the others, for one that is many times slower; 1 when absent. */
  readonly share?: number
}

export interface Place {
  /** A directory for this run alone. */
  readonly work: string
  readonly root: string
  readonly upstreamPort: number
}

const CHAT = '/v1/chat/completions'
const NGINX = '/usr/sbin/nginx'
const MODELS = ['bench-chat', 'bench-stream', 'bench-slow']

export const direct = ({ upstreamPort }: Place): Subject => ({
  id: 'direct',
  target: { port: upstreamPort, path: CHAT, headers: {} },
  program: null,
})

export async function bare(place: Place): Promise<Subject> {
  const port = await freePort()
  const program = await start(process.execPath, [join(place.root, 'bench/gateway/bare.ts')], {
    port,
    env: { BENCH_UPSTREAM: `http://127.0.0.1:${place.upstreamPort}` },
  })
  return { id: 'bare node:http + undici', target: { port, path: CHAT, headers: {} }, program }
}

/** One worker that passes everything on; null where nginx is not installed. */
export async function nginx(place: Place): Promise<Subject | null> {
  if (!existsSync(NGINX)) return null
  const port = await freePort()
  const home = join(place.work, 'nginx')
  mkdirSync(home, { recursive: true })
  const file = join(home, 'nginx.conf')
  writeFileSync(file, nginxConfig(home, port, place.upstreamPort))
  const program = await start(NGINX, ['-c', file, '-e', join(home, 'error.log')], { port })
  return { id: 'nginx pass-through', target: { port, path: CHAT, headers: {} }, program }
}

const nginxConfig = (home: string, port: number, upstream: number): string => `
daemon off; worker_processes 1; pid ${home}/pid; worker_rlimit_nofile 16384;
error_log ${home}/error.log crit;
events { worker_connections 8192; }
http {
  access_log off; client_max_body_size 64m; client_body_buffer_size 2m; keepalive_requests 1000000;
  client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/f;
  uwsgi_temp_path ${home}/u; scgi_temp_path ${home}/s;
  upstream stub { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://stub; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
  }
}
`

/** The destination of our gateway: in a zone of its owner, or on a platform, where evidence comes first. */
export function configOf(place: Place, zone: 'on-prem' | 'managed'): string {
  const file = join(place.work, `ecluse-${zone}.yaml`)
  const models = MODELS.map((name) => `{name: ${name}}`).join(', ')
  const more = zone === 'managed' ? ', jurisdiction: FR, clearance: {class: confidential}' : ''
  writeFileSync(
    file,
    `discover: false\nengine: {enabled: false}\nlog: {level: error}\ndestinations:\n  - {id: upstream, url: "http://127.0.0.1:${place.upstreamPort}/v1", key: "\${env:BENCH_KEY}", zone: ${zone}${more}, models: [${models}]}\n`,
    { mode: 0o600 },
  )
  return file
}

/** The program as its users start it, everything on. `flags` are for Node: a profile, say. */
export async function ours(
  place: Place,
  zone: 'on-prem' | 'managed',
  flags: readonly string[] = [],
): Promise<Subject> {
  const port = await freePort()
  const home = join(place.work, `home-${zone}`)
  const program = await start(
    process.execPath,
    [...flags, join(place.root, 'bin/run.mjs'), 'serve', '--listen', `127.0.0.1:${port}`],
    {
      port,
      env: { ECLUSE_HOME: home, ECLUSE_CONFIG: configOf(place, zone), BENCH_KEY: 'bench' },
    },
  )
  const key = readFileSync(join(home, 'admin.key'), 'utf8').trim()
  const headers = { authorization: `Bearer ${key}` }
  const id = zone === 'managed' ? 'écluse, managed zone' : 'écluse, own zone'
  return { id, target: { port, path: CHAT, headers }, program }
}

/** Rooms of which one may be replaced by an empty one. */
export const STAGES = ['classification', 'ledger', 'keys', 'policy'] as const

/** Our own rooms, wired by the bench, with one stage left out. */
export async function without(place: Place, stage: (typeof STAGES)[number]): Promise<Subject> {
  const port = await freePort()
  const home = join(place.work, `home-without-${stage}`)
  mkdirSync(home, { recursive: true })
  const key = join(home, 'key')
  const program = await start(process.execPath, [join(place.root, 'bench/gateway/composed.ts')], {
    port,
    env: {
      BENCH_OFF: stage,
      BENCH_HOME: home,
      BENCH_KEY_FILE: key,
      BENCH_CONFIG: configOf(place, 'on-prem'),
    },
  })
  const headers = { authorization: `Bearer ${readFileSync(key, 'utf8').trim()}` }
  return { id: `écluse without ${stage}`, target: { port, path: CHAT, headers }, program }
}

/** Portkey's gateway from npm. Newer @hono/node-server breaks its streams, hence the override. */
export async function portkey(place: Place): Promise<Subject> {
  const home = join(place.work, 'portkey')
  mkdirSync(home, { recursive: true })
  const manifest = {
    private: true,
    dependencies: { '@portkey-ai/gateway': '1.15.2', '@hono/node-server': '1.13.8' },
    overrides: { '@hono/node-server': '1.13.8' },
  }
  writeFileSync(join(home, 'package.json'), JSON.stringify(manifest))
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: home,
    stdio: 'ignore',
  })
  const port = await freePort()
  const script = join(home, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  const program = await start(process.execPath, [script, `--port=${port}`, '--headless'], { port })
  const headers = {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `http://127.0.0.1:${place.upstreamPort}/v1`,
    authorization: 'Bearer bench',
  }
  return { id: 'portkey 1.15.2', target: { port, path: CHAT, headers }, program }
}

/** LiteLLM's proxy from PyPI, in a virtual environment of its own. */
export async function litellm(place: Place): Promise<Subject> {
  const home = join(place.work, 'litellm')
  execFileSync('python3', ['-m', 'venv', home], { stdio: 'ignore' })
  execFileSync(join(home, 'bin/pip'), ['install', '--quiet', 'litellm[proxy]'], { stdio: 'ignore' })
  const api = `http://127.0.0.1:${place.upstreamPort}/v1`
  const rows = MODELS.map(
    (name) =>
      `  - {model_name: ${name}, litellm_params: {model: openai/${name}, api_base: "${api}", api_key: bench}}`,
  )
  const file = join(home, 'config.yaml')
  writeFileSync(file, `model_list:\n${rows.join('\n')}\n`)
  const port = await freePort()
  const key = `sk-${randomBytes(32).toString('hex')}`
  const program = await start(
    join(home, 'bin/litellm'),
    ['--config', file, '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1'],
    {
      port,
      env: { LITELLM_MASTER_KEY: key, LITELLM_LOG: 'ERROR', LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
    },
  )
  return {
    id: 'litellm',
    target: { port, path: CHAT, headers: { authorization: `Bearer ${key}` } },
    program,
    share: 0.05,
  }
}
