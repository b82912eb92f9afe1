import { load } from './load.ts'
import { usageOf } from './process-tree.ts'
import { CHAT_32, SCENARIOS } from './scenarios.ts'
import type { Subject } from './subjects.ts'

/** What a long run showed. */
export interface Soak {
  readonly id: string
  readonly minutes: number
  readonly requests: number
  readonly malformed: number
  /** Resident megabytes at the end of each tenth of the time. */
  readonly resident: readonly number[]
  /** Of the second half, by least squares: what still grows once caches are full. */
  readonly megabytesPerHour: number
}

const TENTHS = 10
const CALLERS = 16

interface Sample {
  readonly minute: number
  readonly megabytes: number
}

/** New kilobytes, long conversations and streams in turn, for so many minutes; nothing is sent twice. */
export async function soak({ id, target, program }: Subject, minutes: number): Promise<Soak> {
  const mix = [CHAT_32, ...SCENARIOS.filter(({ id }) => /^history|^stream-64-32/.test(id))]
  const samples: Sample[] = []
  const started = performance.now()
  const elapsed = (): number => (performance.now() - started) / 60_000
  let requests = 0
  let malformed = 0
  for (let turn = 0; elapsed() < minutes; turn++) {
    const scenario = mix[turn % mix.length] ?? CHAT_32
    const wanted = scenario.tokens === null ? 2_000 : 160
    const from = requests
    const done = await load({
      target,
      callers: CALLERS,
      requests: wanted,
      body: (index) => scenario.body(from + index),
      tokens: scenario.tokens,
    })
    requests += wanted
    malformed += done.malformed
    const { residentBytes } = usageOf(program?.pid ?? process.pid)
    samples.push({ minute: elapsed(), megabytes: residentBytes / 1e6 })
  }
  const resident = Array.from({ length: TENTHS }, (_, tenth) =>
    Math.max(
      0,
      ...samples
        .filter(({ minute }) => Math.floor((minute * TENTHS) / minutes) === tenth)
        .map(({ megabytes }) => megabytes),
    ),
  )
  const settled = samples.filter(({ minute }) => minute >= minutes / 2)
  return { id, minutes, requests, malformed, resident, megabytesPerHour: slopeOf(settled) * 60 }
}

/** Megabytes per minute, by least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [minute, megabytes] = [mean((sample) => sample.minute), mean((one) => one.megabytes)]
  const covariance = mean((one) => (one.minute - minute) * (one.megabytes - megabytes))
  return covariance / mean((one) => (one.minute - minute) ** 2)
}

/** The rows of the page of results. */
export const soakPage = ({
  id,
  minutes,
  requests,
  malformed,
  resident,
  megabytesPerHour,
}: Soak): string => `## soak

${id}: ${minutes} minutes of new kilobytes, conversations of 30 turns and streams, ${CALLERS} callers, ${requests} requests, ${malformed} malformed.

Resident MB, the most in each tenth of the time: ${resident.map((one) => one.toFixed(0)).join(', ')}.
Second half: ${megabytesPerHour.toFixed(1)} MB per hour by least squares.
`
