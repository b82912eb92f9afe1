import {
  decodeRun,
  isMedia,
  LONGEST_RUN,
  lookInto,
  SHORTEST_RUN,
  type Encoded,
} from './normalise/encoded.ts'
import { wrappedEnd } from './normalise/wrapped-lines.ts'
import type { Draft } from './scan/detector.ts'
import type { Scan } from './scan/scan.ts'

/** Named like a failed detector: encoded text that was not looked into leaves the text undetermined. */
const TOO_MUCH_ENCODED = 'encoded-text'
/** Decoded text per original text, UTF-16 units. */
const MOST_DECODED = 4_000_000
/** Decoded runs per original text. */
const MOST_RUNS = 10_000
/** Layers that are undone: base64 of base64, gzip in base64. */
const DEEPEST = 2
const EQUALS = 61

interface Inside extends Draft {
  readonly value: string
}

export interface ScannedEncoded {
  /** One finding of each type for each run: these stand against what was found in the run as it is. */
  readonly first: readonly Inside[]
  /** Other values of the same type in the same run, which stand and fall with the first. */
  readonly others: ReadonlyMap<Inside, readonly Inside[]>
  /** Starts and ends, alternating, of pictures and the like. */
  readonly media: readonly number[]
}

const NONE: ScannedEncoded = { first: [], others: new Map(), media: [] }

/** Scans a decoded text. */
type Rescan = (text: string) => {
  readonly spotted: readonly Inside[]
  readonly failed: readonly string[]
}

/** Decodes the runs of a text and scans what they hide; a finding stands on its whole run. What is more than the caps allow is named in `failed`. */
export function scanEncoded(
  scan: Scan,
  depth: number,
  rescan: Rescan,
  failed: string[],
): ScannedEncoded {
  if (scan.runs.tokens.length === 0) return NONE
  return new Decoder(scan, depth, rescan, failed).all()
}

class Decoder {
  readonly #scan: Scan
  readonly #depth: number
  readonly #rescan: Rescan
  readonly #failed: string[]
  readonly #first: Inside[] = []
  readonly #others = new Map<Inside, Inside[]>()
  readonly #media: number[] = []
  #room = MOST_DECODED
  #runs = MOST_RUNS
  /** What was decoded reaches so far. */
  #done = 0

  constructor(scan: Scan, depth: number, rescan: Rescan, failed: string[]) {
    this.#scan = scan
    this.#depth = depth
    this.#rescan = rescan
    this.#failed = failed
  }

  all(): ScannedEncoded {
    const { runs, steps, text } = this.#scan
    for (let i = 0; i + 1 < runs.tokens.length && this.#room > 0 && !steps.exhausted; i += 2) {
      const end = runs.tokens[i + 1] ?? 0
      let start = Math.max(runs.tokens[i] ?? 0, this.#done)
      steps.spend(24)
      // an equals sign ends a run: it pads it, or gives a name to the next one
      while (end - start >= SHORTEST_RUN && this.#room > 0) {
        const equals = text.slice(start, end).indexOf('=')
        const stop = equals < 0 ? end : start + equals
        if (stop - start >= SHORTEST_RUN) this.#look(start, stop)
        start = Math.max(stop + 1, this.#done)
      }
    }
    return { first: this.#first, others: this.#others, media: this.#media }
  }

  #look(start: number, stop: number): void {
    const { steps, text } = this.#scan
    steps.spend(8)
    const encoded = lookInto(text, start, stop)
    if (encoded === undefined) {
      if (isMedia(text, start, stop)) this.#media.push(start, stop)
      return
    }
    const from = start + encoded.prefix
    const whole = wrappedEnd(text, from, stop)
    this.#done = whole
    steps.spend(whole - from)
    if (this.#depth >= DEEPEST || whole - from > LONGEST_RUN || --this.#runs < 0) this.#giveUp()
    else this.#decode(from, whole, stop, encoded)
    // what was not looked into says so once
    if (this.#runs < 0) this.#room = 0
  }

  #decode(from: number, whole: number, stop: number, encoded: Encoded): void {
    const { steps, text } = this.#scan
    const run = text.slice(from, whole)
    const joined = whole > stop ? run.replaceAll(/\s+/g, '') : run
    const revealed = decodeRun(joined, encoded, this.#room)
    if (revealed.kind === 'nothing') return
    if (revealed.kind === 'too-much') {
      this.#room = 0
      return this.#giveUp()
    }
    this.#room -= revealed.text.length
    if (this.#room < 0) this.#giveUp()
    steps.spend(revealed.text.length)
    const { spotted, failed } = this.#rescan(revealed.text)
    for (const id of failed) this.#failed.push(id)
    this.#place(spotted, from, withPadding(text, whole))
  }

  #place(spotted: readonly Inside[], start: number, end: number): void {
    const byType = new Map<string, { placed: Inside; values: Set<string> }>()
    for (const one of spotted) {
      const placed = { ...one, start, end }
      const known = byType.get(one.type)
      if (known === undefined) {
        byType.set(one.type, { placed, values: new Set([one.value]) })
        this.#first.push(placed)
      } else if (!known.values.has(one.value)) {
        known.values.add(one.value)
        const others = this.#others.get(known.placed)
        if (others === undefined) this.#others.set(known.placed, [placed])
        else others.push(placed)
      }
    }
  }

  #giveUp(): void {
    this.#failed.push(TOO_MUCH_ENCODED)
  }
}

/** The findings that do not lie within media. */
export function outsideMedia<T extends Draft>(
  drafts: readonly T[],
  media: readonly number[],
): readonly T[] {
  if (media.length === 0) return drafts
  return drafts.filter(({ start, end }) => {
    let low = 0
    let high = media.length / 2
    while (low < high) {
      const middle = (low + high) >> 1
      if ((media[2 * middle + 1] ?? 0) >= end) high = middle
      else low = middle + 1
    }
    return start < (media[2 * low] ?? Number.POSITIVE_INFINITY)
  })
}

function withPadding(text: string, end: number): number {
  let after = end
  while (after < end + 6 && text.charCodeAt(after) === EQUALS) after++
  return after
}
