// Edges and hostile texts at growing sizes, in processor time, which busy neighbours do not change much: it must grow as
// the text does. Goals: 20 kB in 50 ms, 1 MB in 1 s.
import { createClassifier } from '#classify/classify.ts'
import { EDGE_TEXTS } from '#classify/testing/edge-texts.ts'

const classify = createClassifier()
const SIZES = [10_000, 20_000, 100_000, 1_000_000, 10_000_000] as const
const NAMES = ['10 kB', '20 kB', '100 kB', '1 MB', '10 MB']
/** Small texts are measured again and again: the first time is that of the compiler. */
const ROUNDS = [5, 5, 3, 2, 1]

function best(text: string, rounds: number): number {
  const times = Array.from({ length: rounds }, () => {
    const started = process.cpuUsage()
    classify([{ path: 'messages.0.content', text, kind: 'text' }], { floor: 'public' })
    const { user, system } = process.cpuUsage(started)
    return (user + system) / 1_000
  })
  return Math.min(...times)
}

const cell = (value: string): string => value.padStart(9)
console.log(`\n${'edges, ms of processor'.padEnd(24)}${NAMES.map(cell).join('')}${cell('10 MB/s')}`)
for (const { name, make } of EDGE_TEXTS) {
  const times = SIZES.map((size, i) => best(make(size), ROUNDS[i] ?? 1))
  const rate = (SIZES.at(-1) ?? 0) / 1_000 / Math.max(times.at(-1) ?? 0, 0.001)
  const shown = [...times, rate].map((ms) => cell(ms.toFixed(1)))
  console.log(`${name.padEnd(24)}${shown.join('')}`)
}
