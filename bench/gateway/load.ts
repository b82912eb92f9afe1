import { connect, type Socket } from 'node:net'
import { AnswerReader } from './answer-reader.ts'
import { checkStream, checkWhole } from './check-answer.ts'

/** Where requests go and what every one of them carries. */
export interface Target {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

export interface LoadOptions {
  readonly target: Target
  /** Callers that each wait for their answer before they ask again. */
  readonly callers: number
  readonly requests: number
  readonly body: (index: number) => string
  /** Tokens that a whole stream has; null where the answer comes in one piece. */
  readonly tokens: number | null
  /** Called once the first frame of every caller has been seen. */
  readonly onAllOpen?: () => void
}

/** What came of a load: milliseconds, sorted. */
export interface Measured {
  readonly requests: number
  readonly elapsedMs: number
  readonly latencies: readonly number[]
  readonly firstBytes: readonly number[]
  readonly malformed: number
}

/** A request that takes longer has failed: the bench never hangs. */
const PATIENCE_MS = 120_000

interface Tally {
  readonly latencies: number[]
  readonly firstBytes: number[]
  malformed: number
  opened: number
}

/** Sends `requests` requests over `callers` connections, closed loop, and checks every answer. @throws Error on an answer that is no 200. */
export async function load(options: LoadOptions): Promise<Measured> {
  const tally: Tally = { latencies: [], firstBytes: [], malformed: 0, opened: 0 }
  let next = 0
  const started = performance.now()
  const caller = async (): Promise<void> => {
    const socket = await open(options.target.port)
    try {
      for (let first = true; next < options.requests; first = false) {
        await exchange(socket, options, next++, tally, first)
      }
    } finally {
      socket.destroy()
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.callers, options.requests) }, caller))
  const byValue = (a: number, b: number): number => a - b
  return {
    requests: options.requests,
    elapsedMs: performance.now() - started,
    latencies: tally.latencies.toSorted(byValue),
    firstBytes: tally.firstBytes.toSorted(byValue),
    malformed: tally.malformed,
  }
}

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })

function exchange(
  socket: Socket,
  options: LoadOptions,
  index: number,
  tally: Tally,
  first: boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let body = ''
    let firstAt = 0
    const reader = new AnswerReader((text) => {
      if (firstAt === 0) {
        firstAt = performance.now()
        if (first && ++tally.opened === options.callers) options.onAllOpen?.()
      }
      body += text
    })
    const finish = (error?: Error): void => {
      clearTimeout(patience)
      socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error')
      if (error) reject(error)
      else resolve()
    }
    const patience = setTimeout(() => finish(new Error('no answer in time')), PATIENCE_MS)
    socket.on('data', (bytes: Buffer) => {
      try {
        if (!reader.feed(bytes)) return
      } catch (error) {
        return finish(error instanceof Error ? error : new Error('unreadable'))
      }
      const now = performance.now()
      if (reader.status !== 200) return finish(new Error(`${reader.status}: ${body.slice(0, 300)}`))
      tally.latencies.push(now - sentAt)
      tally.firstBytes.push(firstAt - sentAt)
      const { tokens } = options
      tally.malformed += (tokens === null ? checkWhole(body) : checkStream(body, tokens)).malformed
      finish()
    })
    socket.once('close', () => finish(new Error('the connection was closed')))
    socket.once('error', finish)
    const message = requestBytes(options.target, options.body(index))
    const sentAt = performance.now()
    socket.write(message)
  })
}

function requestBytes({ path, port, headers }: Target, body: string): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\naccept: */*\r\nuser-agent: bench\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n`
  return Buffer.from(head + body)
}

/** The value below which this share of a sorted list lies; NaN for none. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
