// SHA-256 of weights beside `openssl dgst -sha256`: throughput of one core, and of all of them.
//   node bench/digest.ts [--mb 1024] [--rounds 5]
// CPU time of both, taken in turns in the same run: other work on the machine does not count.
import { spawnSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hashPieces } from '../src/models/digests/hash-pieces.ts'
import { wholeFile } from '../src/models/digests/piece.ts'

const { values } = parseArgs({
  options: { mb: { type: 'string', default: '2048' }, rounds: { type: 'string', default: '5' } },
})
const MB = 1024 * 1024
const bytes = Number(values.mb) * MB
const home = mkdtempSync(join(tmpdir(), 'digest-'))

function makeFile(name: string): string {
  const path = join(home, name)
  const file = openSync(path, 'w')
  const block = randomFillSync(Buffer.alloc(8 * MB))
  for (let at = 0; at < bytes; at += block.length) writeSync(file, block)
  closeSync(file)
  return path
}

/** CPU of children that ended, seconds: user and system, from the kernel's own account. */
function childSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // cutime and cstime, in ticks of 10 ms
  return (Number(fields[13]) + Number(fields[14])) / 100
}

const median = (values_: readonly number[]): number =>
  values_.toSorted((a, b) => a - b)[values_.length >> 1] ?? Number.NaN

const one = makeFile('one')
const nothing = join(home, 'nothing')
writeFileSync(nothing, '')

/** CPU of hashing one file in a thread, seconds. */
async function ourSeconds(path: string): Promise<{ seconds: number; hex: string }> {
  const start = process.cpuUsage()
  const [outcome] = await hashPieces([wholeFile(path)], { threads: 1 })
  const { user, system } = process.cpuUsage(start)
  if (outcome?.ok !== true) throw new Error('no digest')
  return { seconds: (user + system) / 1e6, hex: outcome.value.hex }
}

const starts: number[] = []
const ratios: number[] = []
const withStart: number[] = []
const speeds: { ours: number; openssl: number }[] = []
for (let round = 0; round < Number(values.rounds); round++) {
  const startChild = childSeconds()
  const told = spawnSync('openssl', ['dgst', '-sha256', one], { encoding: 'utf8' }).stdout
  const openssl = childSeconds() - startChild
  const start = (await ourSeconds(nothing)).seconds
  const { seconds, hex } = await ourSeconds(one)
  if (!told.includes(hex)) throw new Error('digests differ')
  const ours = seconds - start
  starts.push(start)
  withStart.push(openssl / seconds)
  ratios.push(openssl / ours)
  speeds.push({ ours: bytes / MB / ours, openssl: bytes / MB / openssl })
}
const line = (name: string, value: number, unit: string): void =>
  void process.stdout.write(`${name.padEnd(44)}${value.toFixed(2).padStart(10)} ${unit}\n`)
line('openssl dgst -sha256, per second of CPU', median(speeds.map((s) => s.openssl)), 'MB')
line('ours, one core, per second of CPU', median(speeds.map((s) => s.ours)), 'MB')
line('ratio per core (goal 0.95)', median(ratios), 'x')
line(`the same with the start of a thread, at ${values.mb} MB`, median(withStart), 'x')
line('start of a thread', median(starts) * 1000, 'ms of CPU')

const cores = availableParallelism()
const files = [one, ...Array.from({ length: cores - 1 }, (_, at) => makeFile(`f${at}`))]
const timed = async (threads: number): Promise<number> => {
  const start = performance.now()
  await hashPieces(files.map(wholeFile), { threads })
  return (performance.now() - start) / 1000
}
const walls = { one: await timed(1), all: await timed(cores) }
line(`${files.length} files, all ${cores} cores over one (wall)`, walls.one / walls.all, 'x')
rmSync(home, { recursive: true })
