// Speed of classification on one core: clean prose, and hostile texts at growing sizes (steps per unit must stay level).
import { createClassifier } from '#classify/classify.ts'

const classify = createClassifier()
const FRENCH =
  'Le comité a relu la proposition pendant la matinée et a retenu trois pistes pour la suite du chantier. Chaque piste sera décrite dans une note courte, puis discutée avec les équipes concernées avant la fin du mois. '
const ENGLISH =
  'The committee read the proposal during the morning and kept three ideas for the next stage of the work. Each idea will be described in a short note, then discussed with the people concerned before the month ends. '
const CODE =
  'export function step(state: State, chunk: string): readonly [State, readonly Event[]] {\n  const next = state.buffer + chunk\n  return [{ ...state, buffer: next.slice(-64) }, parse(next)]\n}\n'

const repeat = (text: string, length: number): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length)

function measure(text: string): number {
  const parts = [{ path: 'messages.0.content', text, kind: 'text' }] as const
  const started = performance.now()
  classify(parts, { floor: 'public' })
  return performance.now() - started
}

const best = (text: string, rounds: number): number =>
  Math.min(...Array.from({ length: rounds }, () => measure(text)))

const baseline = (text: string): number => {
  const started = performance.now()
  JSON.parse(JSON.stringify(text))
  return performance.now() - started
}

for (const [name, sample] of [
  ['french prose', FRENCH],
  ['english prose', ENGLISH],
  ['source code', CODE],
] as const) {
  const text = repeat(sample, 2_000_000)
  const bytes = Buffer.byteLength(text)
  const ms = best(text, 7)
  const json = Math.min(...Array.from({ length: 5 }, () => baseline(text)))
  const short = repeat(sample, 1_000)
  measure(short)
  const started = performance.now()
  for (let i = 0; i < 2_000; i++) measure(short)
  const shortMs = performance.now() - started
  const rate = (bytes / 1e3 / ms).toFixed(1)
  const shortRate = ((2_000 * Buffer.byteLength(short)) / 1e3 / shortMs).toFixed(1)
  console.log(
    `${name.padEnd(14)} ${rate} MB/s, in messages of 1 kB ${shortRate} MB/s, ${(json / ms).toFixed(3)} x JSON round trip`,
  )
}

const HOSTILE: Readonly<Record<string, string>> = {
  digits: '7',
  'digit groups': '12 ',
  'a@': 'a@',
  'a.': 'a.',
  spaces: ' ',
  base64: 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo',
  brackets: '[{(',
  uppercase: 'MARTIN ',
  percent: '%41',
  eyJ: 'eyJhbGci.',
  'begin pem': '-----BEGIN PRIVATE KEY-----',
  password: 'password is ',
  'key=': 'secret_key=',
  urls: 'a://b:',
  'first names': 'Marie ',
  streets: '12 rue ',
}
for (const [name, unit] of Object.entries(HOSTILE)) {
  const times = [20_000, 200_000, 1_000_000].map((length) => best(repeat(unit, length), 2))
  console.log(
    `${name.padEnd(14)} 20 kB, 200 kB, 1 MB: ${times.map((ms) => ms.toFixed(1)).join(', ')} ms`,
  )
}

await import('./classify-edges.ts')
