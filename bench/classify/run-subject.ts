// One subject in a process of its own: node run-subject.ts NAME JOB OUT [FOLDER]. Writes a line for each thing it did.
import { appendFileSync, readFileSync } from 'node:fs'
import { codePointOffsets } from '#gateway/classify/code-points.ts'
import type { Adapter } from './adapter.ts'
import type { Job, Line } from './job.ts'
import { npmPeer } from './npm-peers.ts'
import { ours } from './ours.ts'

const [name = 'ours', jobFile = '', outFile = '', folder = ''] = process.argv.slice(2)
const job = JSON.parse(readFileSync(jobFile, 'utf8')) as Job // written by measure.ts
const subject = name === 'ours' ? ours() : await npmPeer(name, folder)
const write = (line: Line): void => appendFileSync(outFile, `${JSON.stringify(line)}\n`)

write({ kind: 'about', version: subject.version })
for (const row of job.rows) write(await predict(subject, row))
await whole()
await messages()
for (const { name: told, unit } of job.hostile) await hostile(told, unit)
write({ kind: 'end' })

async function predict(adapter: Adapter, { id, text, lang }: Job['rows'][number]): Promise<Line> {
  try {
    const { spans, label } = adapter.read(await adapter.run(text, lang), text)
    const place = codePointOffsets(text)
    const told = spans.map(({ start, end, type }) => ({
      start: place(start),
      end: place(end),
      type,
    }))
    return { kind: 'row', id, spans: told, ...(label === undefined ? {} : { label }) }
  } catch {
    return { kind: 'row', id, spans: [], failed: true }
  }
}

async function timed(text: string): Promise<number> {
  const started = performance.now()
  await subject.run(text, 'en')
  return performance.now() - started
}

function jsonOf(text: string): number {
  const started = performance.now()
  JSON.parse(JSON.stringify(text))
  return performance.now() - started
}

/** The whole text, or as much of it as the limit allows; the best of some rounds. */
async function whole(): Promise<void> {
  let last = { size: 0, ms: 0, text: '' }
  try {
    for (const size of [10_000, 100_000, 1_000_000, job.clean.whole.length]) {
      if (last.ms * (size / Math.max(1, last.size)) > job.stepLimitMs) break
      const text = job.clean.whole.slice(0, size)
      last = { size, ms: await timed(text), text }
    }
    let ms = last.ms
    let jsonMs = jsonOf(last.text)
    for (let round = 0, spent = 0; round < 7 && spent < job.stepLimitMs; round += 1) {
      const again = await timed(last.text)
      spent += again
      ms = Math.min(ms, again)
      jsonMs = Math.min(jsonMs, jsonOf(last.text))
    }
    write({ kind: 'whole', bytes: Buffer.byteLength(last.text), ms, jsonMs })
  } catch {
    write({ kind: 'whole', bytes: 0, ms: 0, jsonMs: null })
  }
}

/** Messages one after the other, as many as the limit allows, after a tenth of them. */
async function messages(): Promise<void> {
  const texts = job.clean.messages
  let bytes = 0
  let ms = 0
  let count = 0
  let jsonMs = 0
  try {
    let warm = 0
    for (const text of texts.slice(0, texts.length / 10)) {
      warm += await timed(text)
      if (warm > job.stepLimitMs / 4) break
    }
    for (const text of texts) {
      ms += await timed(text)
      jsonMs += jsonOf(text)
      bytes += Buffer.byteLength(text)
      count += 1
      if (ms > job.stepLimitMs) break
    }
  } catch {
    // what was done until then is told
  }
  write({ kind: 'messages', bytes, ms, count, jsonMs })
}

/** One hostile text at growing sizes, until a step would take longer than the limit by how the steps before it grew. */
async function hostile(told: string, unit: string): Promise<void> {
  let last = { size: 0, ms: 0 }
  let exponent = 1
  for (const size of job.sizes) {
    if (last.ms * (size / Math.max(1, last.size)) ** exponent > job.stepLimitMs) {
      write({ kind: 'hostile', name: told, size, ms: null })
      continue
    }
    const text = unit.repeat(Math.ceil(size / Buffer.byteLength(unit)))
    try {
      const first = await timed(text)
      const ms = first < 200 ? Math.min(first, await timed(text)) : first
      if (last.ms > 1) exponent = Math.max(1, Math.log(ms / last.ms) / Math.log(size / last.size))
      last = { size, ms }
      write({ kind: 'hostile', name: told, size, ms })
    } catch (error) {
      const failed = error instanceof Error ? error.name : 'error'
      write({ kind: 'hostile', name: told, size, ms: null, failed })
    }
  }
}
