import { chmodSync, rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { StartProblem } from '#cli/command.ts'
import { buildWaiting } from '#gateway/waiting.ts'
import type { Milliseconds } from '#kernel/units.ts'
import { err, type Result } from '#kernel/result.ts'
import { describeStoreProblem, type StoreProblem } from '#store/problem.ts'
import type { Config } from '#config/types.ts'
import { openCore, type Core } from './core.ts'
import { homePaths } from './home-paths.ts'
import type { Log } from './log.ts'
import { listenProblem, tlsOf } from './network.ts'
import { uuid7 } from './uuid7.ts'

/** What ends by itself: a server that is not there yet, is starting, is full, or is being made the primary. Everything else needs somebody. */
const PASSING: ReadonlySet<StoreProblem['code']> = new Set(['unreachable', 'busy', 'read-only'])
/** Pauses between two tries grow up to this. */
const LONGEST_PAUSE: Milliseconds = 5000
/** Whoever reads the log hears of it this often. */
const TELL_AGAIN: Milliseconds = 60_000

interface Asked {
  readonly version: string
  readonly port: number
  readonly log: Log
  readonly randomBytes: (length: number) => Uint8Array
}

/**
 * Opens what a gateway needs. While its database server does not answer it waits: alive, not ready, refusing everything;
 * so that it does not matter what is started first.
 */
export async function openCoreInTime(
  config: Config,
  asked: Asked,
): Promise<Result<Core, StartProblem>> {
  const { host } = config.listen
  const interrupted = new AbortController()
  const stop = (): void => interrupted.abort()
  let room: WaitingRoom | null = null
  let pause: Milliseconds = 250
  let toldAt = -Infinity
  const onProblem = async (problem: StoreProblem): Promise<boolean> => {
    if (config.database === null || !PASSING.has(problem.code)) return false
    if (room === null) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
      room = await openRoom(config, asked)
    }
    if (room.problem) return false
    if (performance.now() - toldAt >= TELL_AGAIN) {
      toldAt = performance.now()
      const what = describeStoreProblem(problem, 'en')
      asked.log('warn', { msg: 'database-awaited', code: problem.code, problem: what })
    }
    await wait(pause, undefined, { signal: interrupted.signal }).catch(() => {})
    pause = Math.min(LONGEST_PAUSE, pause * 1.5)
    return !interrupted.signal.aborted
  }
  try {
    const opened = await openCore(config, `${host}:${asked.port}`, onProblem)
    if (interrupted.signal.aborted) {
      if (opened.ok) await opened.value.close()
      return err({ en: '', fr: '', isInterrupted: true })
    }
    const { problem } = (room as WaitingRoom | null) ?? { problem: null }
    return problem ? err(problem) : opened
  } finally {
    await (room as WaitingRoom | null)?.close()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
  }
}

interface WaitingRoom {
  /** Why nobody can be answered. */
  readonly problem: StartProblem | null
  readonly close: () => Promise<void>
}

/** Listens where the gateway will, and where its owner asks. */
async function openRoom(
  config: Config,
  { version, port, randomBytes }: Asked,
): Promise<WaitingRoom> {
  const { adminSocket } = homePaths(config.home)
  const newId = uuid7(Date.now, randomBytes)
  const [network, owner] = [
    buildWaiting(version, newId, tlsOf(config)),
    buildWaiting(version, newId, null),
  ]
  const close = async (): Promise<void> => {
    await Promise.all([network, owner].map((one: FastifyInstance) => one.close()))
  }
  const { host } = config.listen
  try {
    await network.listen({ host, port })
    rmSync(adminSocket, { force: true })
    await owner.listen({ path: adminSocket })
    chmodSync(adminSocket, 0o600)
    return { problem: null, close }
  } catch (error) {
    return { problem: listenProblem(error, host, port), close }
  }
}
