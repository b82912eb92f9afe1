import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { request } from 'node:http'
import type { Destination, ServedModel } from '#kernel/destination.ts'
import type { Config } from '#config/types.ts'
import type { EngineView } from '#gateway/ports.ts'
import type { BoardModel } from '#ledger/in-force.ts'
import { findModel } from '#models/store/find-model.ts'
import type { Manifest } from '#models/store/manifest.ts'
import { machinePorts } from '#models/pull/pull-ports.ts'
import type { PullProgress } from '#models/pull/pull-request.ts'
import { pullModel } from '#models/pull/pull.ts'
import { shippedStarterModels, starterNamed } from '#models/starter/starter-models.ts'
import { servedWeights } from '#models/store/served-weights.ts'
import { storePaths } from '#models/store/store-layout.ts'
import {
  isMarkedChanged,
  reverifyBlob,
  verifyBlob,
  type BlobState,
} from '#models/store/verify-blob.ts'
import { EngineProcess, type EngineState } from '#providers/embedded/engine-process.ts'
import {
  destinationOf,
  embeddedDestination,
  isChanged,
  loadable,
  STARTERS,
} from './board-destination.ts'
import { homePaths } from './home-paths.ts'
import type { BoardEngine } from './house.ts'
import type { Log } from './log.ts'

/** What reading all weights again may take of one core, where nobody waits for it. */
const RECHECK_SHARE = 0.5
/** How often the model store is looked at for models that came or went, milliseconds. */
const WATCH_MS = 2000

export interface BoardOptions {
  readonly config: Config
  readonly log: Log
  readonly environment: Readonly<Record<string, string>>
}

export interface RunningBoard extends BoardEngine {
  /** Fetches the model if it is missing and starts the engine; neither holds up the gateway. */
  start(): void
  /** Reads all weights on board again, one after the other; a changed byte ends the service of that model. While that goes on, another time to do so passes by. */
  reverify(): Promise<void>
  stop(): Promise<void>
}

/** The engine on board: its process, the model it starts with, and the fetching of that model. */
export async function openBoardEngine({
  config,
  log,
  environment,
}: BoardOptions): Promise<RunningBoard> {
  if (!config.engine.enabled) return DISABLED
  const board = new Board(config, log, environment)
  // known from the first request on: an unknown model is an error that clients do not repeat
  await board.reread()
  return board
}

/** The engine as a command sees it that runs none. */
export async function idleBoardEngine(config: Config): Promise<BoardEngine> {
  const destination = await embeddedDestination(config)
  return { ...DISABLED, destination: () => destination }
}

const DISABLED: RunningBoard = {
  view: () => ({ state: 'disabled', model: null, progress: null, problem: null }),
  destination: () => null,
  health: () => 'not-ready',
  progress: () => 'disabled',
  onModels: () => {},
  onBoard: () => null,
  admits: () => {},
  start: () => {},
  reverify: () => Promise.resolve(),
  stop: () => Promise.resolve(),
}

class Board implements RunningBoard {
  readonly #config: Config
  readonly #log: Log
  readonly #environment: Readonly<Record<string, string>>
  readonly #process: EngineProcess
  readonly #stopping = new AbortController()
  readonly #listeners: (() => void)[] = []
  #models: readonly Manifest[] = []
  /** Weights found changed: here, and not served. */
  #changed: readonly Manifest[] = []
  #engine: EngineState = { kind: 'stopped', restarts: 0, lastExit: null, pid: null }
  #pulling: { done: number; total: number | null } | null = null
  #problem: string | null = null
  #isReverifying = false
  #isLookingAtFiles = false
  /** Digests of files that were found changed, where no mark could be put beside them: the disk is full, or is not to be written to. */
  readonly #unmarked = new Set<string>()
  #isLoaded = false
  /** Whether weights may be loaded; null: nobody has said yet. */
  #mayLoad: ((digest: string) => boolean) | null = null
  /** Names that must leave the memory of the engine, and may still be writing. */
  readonly #leaving = new Set<string>()
  #watch: NodeJS.Timeout | null = null
  #reverify: NodeJS.Timeout | null = null
  #seenMs = 0

  constructor(config: Config, log: Log, environment: Readonly<Record<string, string>>) {
    this.#config = config
    this.#log = log
    this.#environment = environment
    const { models, engineSocket } = homePaths(config.home)
    const { context, parallel, queue, maxLoaded, threads } = config.engine
    this.#process = new EngineProcess({
      socketPath: engineSocket,
      modelsDir: models,
      contextTokens: context,
      parallel,
      queueLimit: queue,
      maxLoaded,
      recheck: config.models.recheckBeforeLoad,
      ...(threads === null ? {} : { threads }),
      environment,
      onState: (state) => this.#onState(state),
      log: (line) => log('warn', { code: 'engine', line }),
    })
  }

  view = (): EngineView => {
    const { model } = this.#config.engine
    const told = { model, progress: this.#pulling, problem: this.#problem }
    if (this.#pulling) return { ...told, state: 'pulling' }
    if (this.#engine.kind === 'failed')
      return { ...told, state: 'failed', problem: this.#engine.lastExit?.reason ?? null }
    if (this.#models.length === 0 && this.#problem !== null) return { ...told, state: 'absent' }
    return {
      ...told,
      state: this.#engine.kind === 'ready' && this.#isLoaded ? 'ready' : 'starting',
    }
  }

  destination = (): Destination => destinationOf(this.#config, this.#models, this.#changed)

  health = (): 'ready' | 'not-ready' => (this.view().state === 'ready' ? 'ready' : 'not-ready')

  progress = (): string => {
    const { state, problem } = this.view()
    const { done = 0, total = null } = this.#pulling ?? {}
    if (state === 'pulling')
      return total ? `downloading ${Math.floor((100 * done) / total)} %` : 'downloading'
    return problem === null ? state : `${state} (${problem})`
  }

  onModels = (listener: () => void): void => {
    this.#listeners.push(listener)
  }

  onBoard = (): readonly BoardModel[] => [
    ...this.#models.map(boardModel),
    ...this.#changed.map((manifest) => ({ ...boardModel(manifest), withdrawn: 'weights-changed' })),
  ]

  /** From now on only weights that may serve are loaded; those that may not any more leave the memory. */
  admits = (mayLoad: (digest: string) => boolean): void => {
    this.#mayLoad = mayLoad
    for (const { name, digest } of this.#models) {
      if (mayLoad(digest)) this.#leaving.delete(name)
      else this.#leaving.add(name)
    }
    void this.#leave()
    if (!this.#isLoaded) void this.#preload()
  }

  start(): void {
    this.#bring().catch((error: unknown) => {
      this.#problem = 'internal-error'
      this.#log('error', { code: 'engine', name: error instanceof Error ? error.name : 'unknown' })
    })
    this.#watch = setInterval(() => void this.#look(), WATCH_MS)
    this.#watch.unref()
    const { recheckMs } = this.#config.models
    if (recheckMs === null) return
    // the longest that a timer waits
    this.#reverify = setInterval(() => void this.reverify(), Math.min(recheckMs, 2 ** 31 - 1))
    this.#reverify.unref()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    if (this.#watch) clearInterval(this.#watch)
    if (this.#reverify) clearInterval(this.#reverify)
    await this.#process.stop()
  }

  async #bring(): Promise<void> {
    const { models } = homePaths(this.#config.home)
    const name = this.#config.engine.model
    await this.reread()
    if (this.#stopping.signal.aborted) return
    // the library is loaded while the model is still on its way
    const started = this.#process.start()
    if ((await findModel(models, name)) === null && starterNamed(STARTERS, name) !== undefined)
      await this.#pull(name)
    await this.reread()
    await started
    await this.#preload()
  }

  async #pull(name: string): Promise<void> {
    this.#pulling = { done: 0, total: null }
    const onProgress = (progress: PullProgress): void => {
      if (progress.phase === 'downloading')
        this.#pulling = { done: progress.received, total: progress.total }
      if (progress.phase === 'failed')
        this.#log('warn', { code: progress.failure.code, source: progress.source })
    }
    const ports = machinePorts(Date.now, randomUUID, this.#environment)
    const { models: dir } = homePaths(this.#config.home)
    const pulled = await pullModel(
      { dir, name, pythonIndex: this.#config.models.pythonIndex },
      shippedStarterModels(),
      ports,
      onProgress,
      this.#stopping.signal,
    )
    this.#pulling = null
    if (!pulled.ok && pulled.error.code !== 'interrupted') {
      this.#problem = pulled.error.code
      this.#log('warn', { code: pulled.error.code, model: name })
    }
  }

  /** Loads the first model before the first question needs it. */
  async #preload(): Promise<void> {
    const mayLoad = this.#mayLoad
    if (mayLoad === null || this.#engine.kind !== 'ready') return
    const isAllowed = ({ digest, stopped }: ServedModel): boolean =>
      stopped === undefined && digest !== undefined && mayLoad(digest)
    const first = this.destination().models.find(isAllowed)
    if (!first) return
    const { engineSocket } = homePaths(this.#config.home)
    const loaded = await post(engineSocket, '/load', { model: first.upstream }, first.digest)
    this.#isLoaded = loaded === 200
    this.#problem = this.#isLoaded ? null : 'not-loaded'
  }

  #onState(state: EngineState): void {
    const wasReady = this.#engine.kind === 'ready'
    this.#engine = state
    if (state.kind !== 'ready') this.#isLoaded = false
    if (state.kind === 'restarting')
      this.#log('warn', { code: 'engine-restarted', restarts: state.restarts })
    if (state.kind === 'ready' && !wasReady) void this.#preload()
  }

  /** Models pulled or removed by a command show up without a restart. */
  async #look(): Promise<void> {
    const { models } = homePaths(this.#config.home)
    await this.#leave()
    // reading a large file takes longer than the time to the next look
    void this.#lookAtFiles(models)
    const { manifests, blobs } = storePaths(models)
    // a name that comes or goes, and a mark beside a file
    const times = await Promise.all(
      [manifests, blobs].map((folder) => stat(folder).catch(() => null)),
    )
    const seenMs = times.reduce((sum, found) => sum + (found?.mtimeMs ?? 0), 0)
    if (seenMs === this.#seenMs) return
    this.#seenMs = seenMs
    const hadNone = this.#models.length === 0
    await this.reread()
    if (hadNone && this.#models.length > 0) await this.#preload()
  }

  /** A file that was written to is read again at once: what is in memory was mapped from it. */
  async #lookAtFiles(dir: string): Promise<void> {
    if (this.#isLookingAtFiles) return
    this.#isLookingAtFiles = true
    try {
      await this.#eachFile(this.#models, (digest) => verifyBlob(dir, digest))
    } finally {
      this.#isLookingAtFiles = false
    }
  }

  /** Looks at every file of models; one that changed ends the service of its model, also where it cannot be marked. */
  async #eachFile(
    models: readonly Manifest[],
    look: (digest: string) => Promise<BlobState>,
  ): Promise<void> {
    const { models: dir } = homePaths(this.#config.home)
    for (const one of models) {
      for (const { digest } of servedWeights(one)) {
        const state = await look(digest).catch(() => null)
        if (this.#stopping.signal.aborted) return
        if (state === 'verified') this.#unmarked.delete(digest)
        if (state !== 'changed') continue
        this.#log('error', { code: 'weights-changed', model: one.name })
        if (!(await isMarkedChanged(dir, digest))) this.#unmarked.add(digest)
        await this.reread()
      }
    }
  }

  /** Takes models out of the memory of the engine; one that is still writing is asked again. */
  async #leave(): Promise<void> {
    const { engineSocket } = homePaths(this.#config.home)
    for (const name of this.#leaving) {
      const status = await post(engineSocket, '/unload', { model: name })
      // 409: it is writing; 0: the engine does not run, and holds nothing
      if (status !== 409) this.#leaving.delete(name)
    }
  }

  async reverify(): Promise<void> {
    if (this.#isReverifying) return
    this.#isReverifying = true
    try {
      await this.#reverifyAll()
    } finally {
      this.#isReverifying = false
    }
  }

  async #reverifyAll(): Promise<void> {
    const { models } = homePaths(this.#config.home)
    const { signal } = this.#stopping
    const unmarked = this.#changed.filter((one) => this.#isUnmarked(one))
    await this.#eachFile([...this.#models, ...unmarked], (digest) =>
      reverifyBlob(models, digest, signal, RECHECK_SHARE),
    )
    if (!signal.aborted) await this.reread()
  }

  #isUnmarked(one: Manifest): boolean {
    return servedWeights(one).some(({ digest }) => this.#unmarked.has(digest))
  }

  /** Looks at the model store. */
  async reread(): Promise<void> {
    const { models: dir } = homePaths(this.#config.home)
    const all = await loadable(dir)
    const marks = await Promise.all(
      all.map(async (one) => this.#isUnmarked(one) || isChanged(dir, one)),
    )
    const [served, before] = [this.#models, this.#changed]
    this.#changed = all.filter((_, at) => marks[at] === true)
    this.#models = all.filter((_, at) => marks[at] !== true)
    for (const listener of this.#listeners) listener()
    for (const { name, digest } of this.#changed) {
      // what is in memory was mapped from that file
      const isNew = !before.some((known) => known.digest === digest)
      if (isNew) this.#leaving.add(name)
    }
    // what a name stood for until now may be in memory still
    for (const { name, digest } of served)
      if (!this.#models.some((one) => one.name === name && one.digest === digest))
        this.#leaving.add(name)
    await this.#leave()
  }
}

const boardModel = ({ name, digest, source }: Manifest): BoardModel => ({
  name,
  digest,
  source: `source-${source.kind}`,
})

/** Status of a small POST to the engine; 0 when it does not answer. */
function post(socketPath: string, path: string, body: unknown, weights?: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/json',
      ...(weights === undefined ? {} : { 'x-ecluse-weights': weights }),
    }
    const call = request({ socketPath, path, method: 'POST', headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
    })
    call.on('error', () => resolve(0))
    call.end(JSON.stringify(body))
  })
}
