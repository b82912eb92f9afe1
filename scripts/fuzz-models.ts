// `node scripts/fuzz-models.ts [minutes] [seed]`: spoils every sample of the scanner's corpus, over and over, and scans it.
// Ends with 1 when a scan throws, takes longer than its limit of processor time, or memory grows beyond its limit.
import { inMemory } from '../src/models/weights/bytes/byte-source.ts'
import { scanFile } from '../src/models/weights/scan-file.ts'
import { CORPUS } from '../src/models/weights/testing/corpus.ts'
import { drawFrom, mutate } from '../src/models/weights/testing/mutate.ts'

const minutes = Number(process.argv[2] ?? 10)
const seed = Number(process.argv[3] ?? Math.floor(performance.timeOrigin))
/** Processor time of one scan of a file of some kilobytes; the limits of steps allow far more work. */
const LIMIT_MS = 5000
const LIMIT_BYTES = 2 * 1024 ** 3

const samples = CORPUS.filter(({ bytes }) => bytes.length < 100_000)
const draw = drawFrom(seed)
const verdicts: Record<string, number> = {}
let scans = 0
let slowest = { ms: 0, name: '', round: 0 }
let peak = 0

function fail(what: string, bytes: Buffer): never {
  console.error(`${what}; seed ${seed}, scan ${scans}\n${bytes.toString('base64').slice(0, 4000)}`)
  process.exit(1)
}

const until = performance.now() + minutes * 60_000
while (performance.now() < until) {
  const sample = samples[draw(samples.length)]
  const other = samples[draw(samples.length)]
  if (sample === undefined || other === undefined) break
  let bytes = sample.bytes
  for (let count = 1 + draw(6); count > 0; count--) bytes = mutate(bytes, other.bytes, draw)
  // now and then under a name that asks for another parser
  const { name } = draw(8) === 0 ? other : sample
  const before = process.cpuUsage()
  try {
    const { verdict } = scanFile({ path: name, source: inMemory(bytes) }).report
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
  } catch (error) {
    fail(`${name}: ${String(error)}`, bytes)
  }
  const used = process.cpuUsage(before)
  const ms = (used.user + used.system) / 1000
  if (ms > slowest.ms) slowest = { ms, name, round: scans }
  if (ms > LIMIT_MS) fail(`${name}: ${ms} ms`, bytes)
  scans += 1
  if (scans % 1000 === 0) {
    peak = Math.max(peak, process.memoryUsage.rss())
    if (peak > LIMIT_BYTES) fail(`${peak} bytes of memory`, bytes)
  }
}
console.log(JSON.stringify({ minutes, seed, scans, verdicts, slowest, peakBytes: peak }))
