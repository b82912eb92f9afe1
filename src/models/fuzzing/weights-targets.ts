import { LIMITS } from '../weights/budget.ts'
import { inMemory } from '../weights/bytes/byte-source.ts'
import { scanFile } from '../weights/scan-file.ts'
import { CORPUS, type Sample } from '../weights/testing/corpus.ts'
import type { FuzzTarget } from './fuzz-target.ts'

/** Files of the scanner's corpus by what their name ends in, so that no format drowns in the others. */
const GROUPS: readonly (readonly [string, RegExp])[] = [
  ['safetensors', /\.safetensors$/],
  ['gguf', /\.gguf$/],
  ['pickle', /\.(?:pkl|pickle|bin|pth|ckpt|joblib|dat)$/],
  ['pytorch and archives', /\.(?:pt|zip|npz|tar|gz|skops|nemo|pt2|mar|whl|7z|tgz)$/],
  ['hdf5', /\.(?:h5|hdf5)$/],
  ['keras', /\.keras$/],
  ['onnx, tensorflow, tflite', /\.(?:onnx|pb|tflite)$/],
  ['numpy', /\.npy$/],
  ['jinja', /\.jinja$/],
  ['configurations', /\.json$/],
  ['yaml and xml', /(?:\.ya?ml|\.xml|\.pmml|MLmodel)$/],
]
const SMALL = 64 * 1024
/** A spoilt file of some kilobytes that needs more has found a way to cost too much. */
const STEPS = 20_000_000

const targetOf = (name: string, samples: readonly Sample[]): FuzzTarget => ({
  name: `scan: ${name}`,
  shape: name === 'configurations' ? 'json' : 'bytes',
  seeds: samples.map(({ bytes }) => bytes),
  run(input, draw) {
    // now and then under a name that asks for another parser
    const pool = draw(8) === 0 ? CORPUS : samples
    const path = pool[draw(pool.length)]?.name ?? 'x'
    const limits = { ...LIMITS, steps: STEPS }
    const { report } = scanFile({ path, source: inMemory(input), limits })
    JSON.stringify(report)
    return report.verdict
  },
})

/** The scanner of model files. */
export function weightsTargets(): readonly FuzzTarget[] {
  const small = CORPUS.filter(({ bytes }) => bytes.length <= SMALL)
  const named = GROUPS.map(
    ([name, ends]) => [name, small.filter((one) => ends.test(one.name))] as const,
  )
  const rest = small.filter((one) => !GROUPS.some(([, ends]) => ends.test(one.name)))
  return [...named, ['others', rest] as const]
    .filter(([, samples]) => samples.length > 0)
    .map(([name, samples]) => targetOf(name, samples))
}
