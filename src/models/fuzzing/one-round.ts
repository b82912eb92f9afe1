import { drawFrom, mutate } from '../weights/testing/mutate.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { mutateJson } from './mutate-json.ts'

/** No input grows beyond this, bytes: limits of size have tests of their own. */
const LARGEST = 256 * 1024

/** The input of a round: the same seed and number give the same one. */
export function inputOf(target: FuzzTarget, seed: number, round: number): Buffer {
  const draw = drawFrom(mixed(seed, round))
  const pick = (): Buffer => target.seeds[draw(target.seeds.length)] ?? Buffer.alloc(0)
  let bytes = pick()
  // half of them with one change: what is spoilt in many places is seen early
  for (let count = draw(2) === 0 ? 1 : 1 + draw(6); count > 0; count--) {
    // one time in six the text of a document is spoilt as well
    const asJson = target.shape === 'json' && draw(6) > 0
    bytes = asJson
      ? Buffer.from(mutateJson(bytes.toString('utf8'), draw))
      : mutate(bytes, pick(), draw)
    if (bytes.length > LARGEST) bytes = bytes.subarray(0, LARGEST)
  }
  return bytes
}

/** Runs one round. */
export async function runRound(target: FuzzTarget, seed: number, round: number): Promise<string> {
  return await target.run(inputOf(target, seed, round), drawFrom(mixed(round, seed)))
}

/** Two numbers made one, so that neighbours are far apart (Murmur3's last step). */
function mixed(left: number, right: number): number {
  let value = Math.imul(left ^ Math.imul(right + 1, 0x9e3779b1), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
