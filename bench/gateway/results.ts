import { cpus, release, totalmem } from 'node:os'

/** One subject in one scenario: medians over the rounds. */
export interface Row {
  readonly id: string
  readonly cpuMicros: number
  /** CPU against the bare floor of the same round. */
  readonly ratio: number
  readonly perSecond: number
  readonly addedP50Ms: number
  readonly addedP99Ms: number
  readonly firstByteP50Ms: number
  readonly addedFirstByteP50Ms: number
  /** The most seen, megabytes. */
  readonly residentMegabytes: number
  readonly malformed: number
}

export interface Run {
  readonly scenario: string
  readonly rounds: number
  readonly requests: number
  readonly rows: readonly Row[]
}

export interface SlowRow {
  readonly id: string
  readonly streams: number
  /** Of one core, over the whole time. */
  readonly coreShare: number
  readonly elapsedMs: number
  /** Until the last caller saw its first frame. */
  readonly openAfterMs: number | null
  readonly kilobytesPerStream: number
  readonly malformed: number
  readonly failed: string | null
}

/** The page of results: with `command` given it also tells the machine. */
export function resultsPage(
  runs: readonly Run[],
  slow: readonly SlowRow[] | null,
  command: readonly string[] | null = null,
): string {
  const parts = runs.map(table)
  if (slow) parts.push(slowTable(slow))
  if (command) parts.unshift(head(command))
  return parts.join('\n')
}

const head = (command: readonly string[]): string => `# The gateway beside others

Written by \`node bench/gateway.ts ${command.join(' ')}\` on ${new Date().toISOString().slice(0, 10)}. Machine: ${cpus().length} x ${cpus()[0]?.model ?? '?'} (shared), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}.
Load generator, upstream and subject share the machine: read the ratios, not the times. How it is measured: [README.md](README.md).
`

function table({ scenario, rounds, requests, rows }: Run): string {
  const lines = rows.map((row) => {
    const counted = row.id !== 'direct'
    const cells = [
      row.id,
      counted ? row.cpuMicros.toFixed(0) : '',
      counted ? row.ratio.toFixed(2) : '',
      row.perSecond.toFixed(0),
      counted ? row.addedP50Ms.toFixed(2) : '',
      counted ? row.addedP99Ms.toFixed(2) : '',
      counted ? row.addedFirstByteP50Ms.toFixed(2) : '',
      row.firstByteP50Ms.toFixed(2),
      counted ? row.residentMegabytes.toFixed(0) : '',
      row.malformed,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `## ${scenario}

${rounds} interleaved rounds of ${requests} requests.

| | CPU us/request | x bare | req/s | added p50 ms | added p99 ms | added first byte p50 ms | first byte p50 ms | RSS MB | malformed |
|---|---|---|---|---|---|---|---|---|---|
${lines.join('\n')}
`
}

function slowTable(rows: readonly SlowRow[]): string {
  const lines = rows.map((row) =>
    row.failed === null
      ? `| ${row.id} | ${row.coreShare.toFixed(3)} | ${row.openAfterMs === null ? 'never all at once' : `${(row.openAfterMs / 1000).toFixed(1)} s`} | ${(row.elapsedMs / 1000).toFixed(1)} s | ${row.kilobytesPerStream.toFixed(0)} | ${row.malformed} |`
      : `| ${row.id} | failed: ${row.failed.slice(0, 120).replaceAll(/[|\n]/g, ' ')} | | | | |`,
  )
  return `## ${rows[0]?.streams ?? 0} slow streams

Two tokens a second each, all begun at once.

| | CPU, of one core | all open after | all done after | RSS kB per stream | malformed |
|---|---|---|---|---|---|
${lines.join('\n')}
`
}
