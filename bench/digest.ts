// SHA-256 of weights beside `openssl dgst -sha256`: CPU per core, with the start of a thread, from the cache and from the disk;
// several files and the shards of one file on all cores.
//   node bench/digest.ts [--mb 256,1024,2048] [--rounds 5] [--write]
// CPU time of both, taken in turns in the same run: other work on the machine does not count. A single SHA-256 is one chain
// of blocks, so that one file takes one core; its shards (OpenSSF Model Signing, `--shards`) are chains of their own.
import { execFileSync, spawnSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hashPieces } from '../src/models/digests/hash-pieces.ts'
import { wholeFile, type Piece } from '../src/models/digests/piece.ts'

const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '256,1024,2048' },
    rounds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
})
const RESULTS = join(import.meta.dirname, 'DIGEST.md')
const MB = 1024 * 1024
const sizes = values.mb.split(',').map(Number)
const rounds = Number(values.rounds)
const home = mkdtempSync(join(tmpdir(), 'digest-'))

function makeFile(name: string, mb: number): string {
  const path = join(home, name)
  const file = openSync(path, 'w')
  const block = randomFillSync(Buffer.alloc(8 * MB))
  for (let at = 0; at < mb * MB; at += block.length)
    writeSync(file, block, 0, Math.min(block.length, mb * MB - at))
  closeSync(file)
  return path
}

/** Tells the kernel to forget what it keeps of a file; false where it cannot be told. */
const forget = (path: string): boolean => {
  const told = spawnSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0', 'status=none'])
  spawnSync('sync', [path])
  return told.status === 0
}

/** CPU of children that ended, seconds: user and system, from the kernel's own account. */
function childSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // cutime and cstime, in ticks of 10 ms
  return (Number(fields[13]) + Number(fields[14])) / 100
}

const median = (found: readonly number[]): number =>
  found.toSorted((a, b) => a - b)[found.length >> 1] ?? Number.NaN

/** CPU of hashing in threads, seconds. */
async function ourSeconds(
  pieces: readonly Piece[],
  threads: number,
  expectedBytes = Infinity,
): Promise<{ readonly seconds: number; readonly hex: string }> {
  const start = process.cpuUsage()
  const outcomes = await hashPieces(pieces, { threads, expectedBytes })
  const { user, system } = process.cpuUsage(start)
  const [outcome] = outcomes
  if (outcome?.ok !== true) throw new Error('no digest')
  return { seconds: (user + system) / 1e6, hex: outcome.value.hex }
}

interface Ratios {
  readonly mb: number
  readonly isCached: boolean
  /** OpenSSL's CPU over ours: in a thread that runs, and as a command does it, its start included where there is one. */
  readonly plain: number
  readonly withStart: number
  readonly ours: number
  readonly openssl: number
}

const nothing = join(home, 'nothing')
writeFileSync(nothing, '')
const starts: number[] = []

async function beside(mb: number, path: string, isCached: boolean): Promise<Ratios> {
  const found: {
    readonly openssl: number
    readonly start: number
    readonly whole: number
    readonly asAsked: number
  }[] = []
  for (let round = 0; round < rounds; round++) {
    if (!isCached) forget(path)
    const before = childSeconds()
    const told = execFileSync('openssl', ['dgst', '-sha256', path], { encoding: 'utf8' })
    const openssl = childSeconds() - before
    const start = (await ourSeconds([wholeFile(nothing)], 1)).seconds
    if (!isCached) forget(path)
    const { seconds: whole, hex } = await ourSeconds([wholeFile(path)], 1)
    const asAsked = (await ourSeconds([wholeFile(path)], 1, mb * MB)).seconds
    if (!told.includes(hex)) throw new Error('digests differ')
    found.push({ openssl, start, whole, asAsked })
    starts.push(start)
  }
  return {
    mb,
    isCached,
    plain: median(found.map(({ openssl, start, whole }) => openssl / (whole - start))),
    withStart: median(found.map(({ openssl, asAsked }) => openssl / asAsked)),
    ours: median(found.map(({ start, whole }) => mb / (whole - start))),
    openssl: median(found.map(({ openssl }) => mb / openssl)),
  }
}

const timed = async (pieces: readonly Piece[], threads: number): Promise<number> => {
  const start = performance.now()
  await hashPieces(pieces, { threads })
  return (performance.now() - start) / 1000
}

function shardsOf(path: string, bytes: number): readonly Piece[] {
  const { size } = statSync(path)
  return Array.from({ length: Math.ceil(size / bytes) }, (_, at) => ({
    ...wholeFile(path),
    start: at * bytes,
    end: Math.min(size, (at + 1) * bytes),
  }))
}

const lines: string[] = []
const say = (line: string): void => {
  lines.push(line)
  process.stdout.write(`${line}\n`)
}

const cores = availableParallelism()
say('# Digests, beside `openssl dgst -sha256`')
say('')
say(
  `Written by \`node bench/digest.ts --rounds ${rounds} --write\`. Machine: ${cores} x ${cpus()[0]?.model.trim() ?? '?'}, Node ${process.versions.node} (OpenSSL ${process.versions.openssl}). CPU time, medians of ${rounds} rounds in turns.`,
)
say(
  'A ratio above 1 is less CPU than OpenSSL takes; the goal is 0.95. As a command: with the start of the thread, or without one where one file is smaller than 384 MB.',
)
say('')
say('| MB | read from | OpenSSL MB per s of CPU | ours | ratio per core | as a command |')
say('|---|---|---|---|---|---|')
for (const mb of sizes) {
  const path = makeFile(`one-${mb}`, mb)
  for (const isCached of [true, false]) {
    const found = await beside(mb, path, isCached)
    const from = isCached ? 'cache' : 'disk'
    say(
      `| ${mb} | ${from} | ${found.openssl.toFixed(0)} | ${found.ours.toFixed(0)} | ${found.plain.toFixed(2)} | ${found.withStart.toFixed(2)} |`,
    )
  }
}
say('')
say(
  `The start of a thread takes ${(median(starts) * 1000).toFixed(0)} ms of CPU from the sources, where types are taken out first; about half of that in the published package. Several files below 64 MB together, or one below 384 MB, start none.`,
)
const largest = Math.max(...sizes)
const one = join(home, `one-${largest}`)
const files = [one, ...Array.from({ length: cores - 1 }, (_, at) => makeFile(`f${at}`, largest))]
const shards = shardsOf(one, Math.ceil((largest * MB) / (cores * 4)))
/** The best of several turns: other work on the machine only ever makes it less. */
const speedUp = async (pieces: readonly Piece[]): Promise<string> => {
  const found: number[] = []
  for (let round = 0; round < Math.max(rounds, 5); round++) {
    found.push((await timed(pieces, 1)) / (await timed(pieces, cores)))
  }
  return Math.max(...found).toFixed(2)
}
say('')
say(
  `All ${cores} cores over one, by the clock, the best of ${Math.max(rounds, 5)} turns since other work counts here: ${await speedUp(files.map(wholeFile))} x for ${files.length} files of ${largest} MB, ${await speedUp(shards)} x for one of them in ${shards.length} shards. One file without shards is one chain of blocks, and takes one core.`,
)
rmSync(home, { recursive: true })
if (values.write) writeFileSync(RESULTS, `${lines.join('\n')}\n`)
