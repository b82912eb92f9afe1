// What reading all weights again costs: the start of a gateway, and requests while it happens.
//   node bench/recheck.ts [--gb 4] [--files 4] [--seconds 12]
// CPU of the gateway with all its processes, from the kernel's own account; latencies of one run beside each other.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomFillSync, randomUUID } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { gguf, textValue } from '../src/models/gguf/gguf.fixture.ts'
import { listModels } from '../src/models/store/find-model.ts'
import { machinePorts } from '../src/models/pull/pull-ports.ts'
import { pullModel } from '../src/models/pull/pull.ts'
import { reverifyBlobs } from '../src/models/store/verify-blob.ts'

const { values } = parseArgs({
  options: {
    gb: { type: 'string', default: '4' },
    files: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '12' },
  },
})
const MB = 1024 * 1024
const files = Number(values.files)
const each = Math.floor((Number(values.gb) * 1024) / files) * MB
const root = mkdtempSync(join(tmpdir(), 'recheck-'))
const PROGRAM = resolve(import.meta.dirname, '../bin/run.mjs')
const CALLERS = 4

/** A file that is weights by its header: one tensor of numbers at random. */
async function makeModel(dir: string, name: string): Promise<void> {
  const header = gguf([['general.architecture', textValue('llama')]], [['w', [each / 4]]])
  const path = join(root, `${name}.gguf`)
  const file = openSync(path, 'w')
  writeSync(file, Buffer.concat([header, Buffer.alloc((32 - (header.length % 32)) % 32)]))
  const block = randomFillSync(Buffer.alloc(8 * MB))
  for (let at = 0; at < each; at += block.length) {
    block.writeUInt32LE(at / MB)
    writeSync(file, block.subarray(0, Math.min(block.length, each - at)))
  }
  closeSync(file)
  const pulled = await pullModel(
    { dir, name, from: path },
    [],
    machinePorts(Date.now, randomUUID, {}),
    () => undefined,
    new AbortController().signal,
  )
  rmSync(path)
  if (!pulled.ok) throw new Error(pulled.error.code)
}

/** CPU and time of reading a whole store again, by itself. */
async function oneRecheck(dir: string): Promise<string> {
  const digests = (await listModels(dir)).map(({ digest }) => digest)
  const [began, used] = [performance.now(), process.cpuUsage()]
  const isRight = await reverifyBlobs(dir, digests)
  const { user, system } = process.cpuUsage(used)
  if (!isRight) throw new Error('changed')
  const gb = (each * files) / (1024 * MB)
  const seconds = (performance.now() - began) / 1000
  return `reading it once, with all cores: ${((user + system) / 1e6 / gb).toFixed(2)} s of CPU per GB, ${(seconds / gb).toFixed(2)} s per GB on this machine`
}

/** CPU seconds of a process, its threads and the children it has now. */
function cpuSeconds(pid: number): number {
  const fields = (of: string): readonly string[] => {
    try {
      const stat = readFileSync(`/proc/${of}/stat`, 'utf8')
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    } catch {
      return []
    }
  }
  const all = readdirSync('/proc').filter((one) => /^\d+$/.test(one))
  const below = all.filter((one) => Number(fields(one)[1]) === pid).map(Number)
  const own = fields(String(pid))
  // utime, stime and those of children that ended, in ticks of 10 ms
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(own[at] ?? 0), 0)
  return ticks / 100 + below.reduce((sum, one) => sum + cpuSeconds(one), 0)
}

const upstream = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify({
      id: 'x',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [
        { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'yes' } },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    }),
  )
})
upstream.listen(0, '127.0.0.1')

interface Running {
  readonly child: ChildProcess
  readonly url: string
  readonly key: string
  /** Seconds from the start to the first answer, and the CPU of them. */
  readonly ready: { readonly seconds: number; readonly cpu: number }
}

async function start(home: string, models: string): Promise<Running> {
  const { port } = upstream.address() as AddressInfo // it listens on one
  writeFileSync(
    join(home, 'ecluse.yaml'),
    `listen: 127.0.0.1:0
discover: false
engine: {model: m0}
models: {${models}}
destinations:
  - {id: own, url: "http://127.0.0.1:${port}/v1", zone: on-prem, clearance: {class: restricted}, models: [{name: m}]}
`,
    { mode: 0o600 },
  )
  const began = performance.now()
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--workers', '0'], {
    env: { PATH: process.env['PATH'] ?? '', ECLUSE_HOME: home, LANG: 'en_GB.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await new Promise<string>((found, failed) => {
    let printed = ''
    const look = (text: Buffer): void => {
      printed += text.toString()
      const [address] = /https?:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? []
      if (address !== undefined) found(address)
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.on('exit', () => failed(new Error(printed)))
  })
  const key = readFileSync(join(home, 'admin.key'), 'utf8').trim()
  for (;;) {
    const { ok } = await ask(url, key).catch(() => ({ ok: false }))
    if (ok) break
    await new Promise((next) => setTimeout(next, 20))
  }
  const seconds = (performance.now() - began) / 1000
  return { child, url, key, ready: { seconds, cpu: cpuSeconds(child.pid ?? 0) } }
}

const ask = async (url: string, key: string): Promise<Response> => {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: randomUUID() }] }),
  })
  await answer.arrayBuffer()
  return answer
}

/** Milliseconds of each request, of some callers one after the other, for a while. */
async function load({ url, key }: Running, seconds: number): Promise<readonly number[]> {
  const end = performance.now() + seconds * 1000
  const times: number[] = []
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      const began = performance.now()
      const { ok } = await ask(url, key)
      if (!ok) throw new Error('refused')
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  return times.toSorted((a, b) => a - b)
}

const at = (times: readonly number[], share: number): string =>
  (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1)

async function round(name: string, home: string, settings: string): Promise<void> {
  const running = await start(home, settings)
  const pid = running.child.pid ?? 0
  // what a start does besides is over
  await new Promise((next) => setTimeout(next, 8000))
  const begun = cpuSeconds(pid)
  const times = await load(running, Number(values.seconds))
  const cpu = cpuSeconds(pid) - begun
  running.child.kill('SIGTERM')
  await new Promise((next) => running.child.on('exit', next))
  const { ready } = running
  process.stdout.write(
    `| ${name} | ${ready.seconds.toFixed(1)} | ${ready.cpu.toFixed(1)} | ${begun.toFixed(1)} | ${times.length} | ${at(times, 0.5)} | ${at(times, 0.99)} | ${(cpu / Number(values.seconds)).toFixed(2)} |\n`,
  )
}

try {
  const [empty, full] = ['empty', 'full'].map((name) => join(root, name))
  for (const home of [empty ?? '', full ?? '']) mkdirSync(home, { recursive: true })
  for (let one = 0; one < files; one += 1) await makeModel(join(full ?? '', 'models'), `m${one}`)
  // what was just written is on the disk before anything is measured
  spawnSync('sync')
  process.stdout.write(
    `${values.gb} GB in ${files} files, ${CALLERS} callers for ${values.seconds} s\n\n` +
      '| | first answer s | CPU s until then | CPU s after 8 s more | requests | p50 ms | p99 ms | CPU while serving, of one core |\n|---|---|---|---|---|---|---|---|\n',
  )
  process.stdout.write(`${await oneRecheck(join(full ?? '', 'models'))}\n\n`)
  const never = 'recheck_hours: 0, recheck_before_load: quick'
  await round('nothing in the store', empty ?? '', never)
  await round('weights, never read again', full ?? '', never)
  await round('read whole before the engine loads them', full ?? '', 'recheck_hours: 0')
  await round('read again all the time', full ?? '', 'recheck_hours: 0.0003')
} finally {
  upstream.close()
  rmSync(root, { recursive: true, force: true })
}
