// What the company's own terms cost: scan speed, loading and memory with none to a million of them.
import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClassifier } from '#classify/classify.ts'
import type { Match } from '#classify/own-terms/own-terms.ts'
import { keepOwnTerms, readOwnTerms, type LiveOwnTerms } from '../src/main/own-terms.ts'

const FRENCH =
  'Le comité a relu la proposition pendant la matinée et a retenu trois pistes pour la suite du chantier. Chaque piste sera décrite dans une note courte, puis discutée avec les équipes concernées avant la fin du mois. '
const ENGLISH =
  'The committee read the proposal during the morning and kept three ideas for the next stage of the work. Each idea will be described in a short note, then discussed with the people concerned before the month ends. '
const SYLLABLES =
  'ba cor di fen gal hu jo ka lor min nas ol pra que ru sté tan ul vir xa zem'.split(' ')
const LENGTH = 1_000_000

const keys = {
  digest: createSecretKey(randomBytes(32)),
  file: createSecretKey(randomBytes(32)),
}
const silent = Object.assign(() => {}, { setLevel: () => {} })
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0)

function* termsOf(count: number): Generator<string> {
  let state = 1
  const word = (): string => {
    let text = ''
    for (let i = 0; i < 3; i++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      text += SYLLABLES[(state >>> 10) % SYLLABLES.length] ?? ''
    }
    return text
  }
  for (let i = 0; i < count; i++) yield `${word()} ${word()}`
}

const best = (work: () => void, rounds: number): number =>
  Math.min(
    ...Array.from({ length: rounds }, () => {
      const started = performance.now()
      work()
      return performance.now() - started
    }),
  )

/** English and French as one column each: MB/s of a long text. */
function speeds(live: LiveOwnTerms | null): string {
  const classify = createClassifier(undefined, null, live)
  return [FRENCH, ENGLISH]
    .map((sample) => {
      const text = sample.repeat(Math.ceil(LENGTH / sample.length))
      const parts = [{ path: 'a', text, kind: 'text' }] as const
      const ms = best(() => classify(parts, { floor: 'public' }), 7)
      return `${(Buffer.byteLength(text) / 1e3 / ms).toFixed(1)} MB/s`
    })
    .join(', ')
}

async function measure(count: number, match: Match): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ecluse-terms-'))
  try {
    const path = join(folder, 'own-terms.bin')
    const live: LiveOwnTerms = { current: readOwnTerms(path, keys, silent) }
    const keeper = keepOwnTerms({
      path,
      keys,
      live,
      randomBytes,
      log: silent,
      evidence: () => Promise.resolve({ ok: true, value: undefined }),
      share: () => Promise.resolve(true),
      ruling: () => {},
      changed: () => {},
    })
    const list = {
      id: 'names',
      owner: '',
      class: 'confidential',
      category: 'company',
      match,
    } as const
    await keeper.change({ kind: 'put-list', list }, 'bench', 'en')
    const started = performance.now()
    await keeper.change(
      { kind: 'add-terms', id: 'names', terms: [...termsOf(count)] },
      'bench',
      'en',
    )
    const imported = performance.now() - started
    const loaded = best(() => readOwnTerms(path, keys, silent), 3)
    live.current = null
    globalThis.gc?.()
    const before = process.memoryUsage()
    live.current = readOwnTerms(path, keys, silent)
    globalThis.gc?.()
    const after = process.memoryUsage()
    const memory = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed
    console.log(
      `${String(count).padStart(9)} ${match.padEnd(9)} french, english ${speeds(live)}; import ${imported.toFixed(0)} ms, load ${loaded.toFixed(0)} ms, memory ${megabytes(memory)} MB`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

console.log(`        0 terms     french, english ${speeds(null)}`)
for (const count of [1_000, 100_000, 1_000_000]) await measure(count, 'inflected')
for (const count of [1_000, 100_000]) await measure(count, 'fuzzy')
console.log(`        0 terms     french, english ${speeds(null)}`)
