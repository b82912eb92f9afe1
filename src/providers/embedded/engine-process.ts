import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Milliseconds } from '#kernel/units.ts'
import { EngineSettings } from './engine-settings.ts'

/** How the last engine ended; `reason` when it could say so itself. */
export interface EngineExit {
  readonly code: number | null
  readonly signal: string | null
  readonly reason: 'crashed' | 'no-library' | 'not-ready-in-time' | 'not-started'
}

export interface EngineState {
  readonly kind: 'stopped' | 'starting' | 'ready' | 'restarting' | 'failed'
  /** Restarts since start(). */
  readonly restarts: number
  readonly lastExit: EngineExit | null
  readonly pid: number | null
}

export interface EngineProcessOptions {
  /** At most 100 bytes: the system's limit on socket paths. */
  readonly socketPath: string
  readonly modelsDir: string
  /** How to run the engine; its settings follow as the last argument. Default: this Node and the engine beside this file. */
  readonly command?: readonly string[]
  readonly contextTokens?: number
  readonly parallel?: number
  readonly queueLimit?: number
  readonly maxLoaded?: number
  readonly threads?: number
  /** Whether every byte is read again before it is loaded, or only where size or times differ. */
  readonly recheck?: 'whole' | 'quick'
  /** Where PATH, HOME and the language are taken from; nothing else of it reaches the engine. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Wait before the nth restart in a row (from 1). */
  readonly delayMs?: (attempt: number) => Milliseconds
  /** Restarts in a row after which the engine counts as failed. */
  readonly maxRestarts?: number
  readonly onState?: (state: EngineState) => void
  /** Lines for the operator; never content. */
  readonly log?: (line: string) => void
}

const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'SystemRoot', 'TEMP'] as const

/** Time to say `ready`; loading the native library takes under a second. */
const READY_MS: Milliseconds = 60_000
/** Time to finish the answers in progress when stopping, then to die. */
const DRAIN_MS: Milliseconds = 10_000
/** An engine that served this long was healthy: the count of restarts in a row begins anew. */
const STABLE_MS: Milliseconds = 60_000

/** 0.25 s, doubling up to 30 s. */
export const growingDelay = (attempt: number): Milliseconds =>
  Math.min(30_000, 250 * 2 ** (attempt - 1))

/** Keeps one engine process alive: a crash loses the requests in it, and nothing else. */
export class EngineProcess {
  readonly #options: EngineProcessOptions
  #child: ChildProcess | null = null
  #state: EngineState = { kind: 'stopped', restarts: 0, lastExit: null, pid: null }
  #inARow = 0
  #readyAt: number | null = null
  #reason: EngineExit['reason'] = 'crashed'
  #timer: NodeJS.Timeout | null = null
  #waiting: PromiseWithResolvers<EngineState> | null = null

  constructor(options: EngineProcessOptions) {
    this.#options = options
  }

  get state(): EngineState {
    return this.#state
  }

  /** Starts the engine; resolves when it is ready, or has failed for good. Does nothing while it runs. */
  async start(): Promise<EngineState> {
    if (this.#state.kind === 'ready') return this.#state
    this.#waiting ??= Promise.withResolvers<EngineState>()
    const { promise } = this.#waiting
    if (this.#state.kind === 'stopped' || this.#state.kind === 'failed') {
      this.#inARow = 0
      this.#report({ kind: 'starting', restarts: 0, lastExit: null, pid: null })
      await mkdir(dirname(this.#options.socketPath), { recursive: true, mode: 0o700 })
      // stopped in the meantime: nothing may be left behind
      if (this.#isStarting()) this.#spawn()
    }
    return promise
  }

  /** Ends the engine: answers in progress may finish for a while, then it is killed. */
  async stop(drainMs: Milliseconds = DRAIN_MS): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    const child = this.#child
    this.#child = null
    this.#report({ ...this.#state, kind: 'stopped', pid: null })
    this.#settle()
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      if (child.connected) child.send({ kind: 'stop' })
      else child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), drainMs)
      await gone
      clearTimeout(kill)
    }
    await rm(this.#options.socketPath, { force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #isStarting(): boolean {
    return this.#state.kind === 'starting'
  }

  #spawn(): void {
    const [program, ...args] = this.#options.command ?? defaultCommand()
    if (program === undefined) throw new TypeError('the engine command is empty')
    this.#reason = 'crashed'
    this.#readyAt = null
    const child = spawn(program, [...args, JSON.stringify(this.#settings())], {
      env: this.#environment(),
      // Neither stream is kept: a native library may print what it was given.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      windowsHide: true,
    })
    this.#child = child
    this.#timer = setTimeout(() => {
      this.#reason = 'not-ready-in-time'
      child.kill('SIGKILL')
    }, READY_MS)
    child.on('message', (message) => this.#onMessage(child, message))
    child.on('error', () => {
      this.#reason = 'not-started'
      // A process that never existed has no exit event.
      if (child.pid === undefined) this.#onExit(child, null, null)
    })
    child.on('exit', (code, signal) => this.#onExit(child, code, signal))
  }

  #onMessage(child: ChildProcess, message: unknown): void {
    if (child !== this.#child || typeof message !== 'object' || message === null) return
    if (!('kind' in message)) return
    if (message.kind === 'no-library') this.#reason = 'no-library'
    if (message.kind !== 'ready') return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#readyAt = performance.now()
    this.#report({ ...this.#state, kind: 'ready', pid: child.pid ?? null })
    this.#settle()
  }

  #onExit(child: ChildProcess, code: number | null, signal: string | null): void {
    if (child !== this.#child) return
    this.#child = null
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#readyAt !== null && performance.now() - this.#readyAt > STABLE_MS) this.#inARow = 0
    this.#inARow++
    const lastExit: EngineExit = { code, signal, reason: this.#reason }
    const { restarts } = this.#state
    this.#options.log?.(`engine ended: ${this.#reason} (${signal ?? `exit ${code ?? '?'}`})`)
    const hopeless = this.#reason === 'no-library' || this.#reason === 'not-started'
    if (hopeless || this.#inARow > (this.#options.maxRestarts ?? 10)) {
      this.#report({ kind: 'failed', restarts, lastExit, pid: null })
      this.#settle()
      return
    }
    this.#report({ kind: 'restarting', restarts: restarts + 1, lastExit, pid: null })
    const delay = (this.#options.delayMs ?? growingDelay)(this.#inARow)
    this.#timer = setTimeout(() => this.#spawn(), delay)
  }

  #settings(): EngineSettings {
    const { socketPath, modelsDir, contextTokens, parallel, queueLimit, maxLoaded } = this.#options
    const { threads, recheck } = this.#options
    return EngineSettings.parse({
      socketPath,
      modelsDir,
      contextTokens,
      parallel,
      queueLimit,
      maxLoaded,
      threads,
      recheck,
    })
  }

  #environment(): Record<string, string> {
    const found: Record<string, string> = {}
    for (const name of PASSED_ON) {
      const value = this.#options.environment?.[name]
      if (value !== undefined) found[name] = value
    }
    return found
  }

  #report(state: EngineState): void {
    this.#state = state
    this.#options.onState?.(state)
  }

  #settle(): void {
    this.#waiting?.resolve(this.#state)
    this.#waiting = null
  }
}

/** Runs beside this file under both forms: `.ts` in the sources, `.js` in the package. */
function defaultCommand(): readonly string[] {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return [process.execPath, fileURLToPath(new URL(`./engine.${extension}`, import.meta.url))]
}
