import cluster, { type Worker } from 'node:cluster'
import { chmodSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Said } from '#cli/terminal.ts'
import { buildApp } from '#gateway/app.ts'
import type { GatewayHouse } from '#gateway/ports.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { Core } from './core.ts'
import { homePaths } from './home-paths.ts'
import type { BoardEngine, OpenHouse } from './house.ts'
import type { LiveConfig } from './live-config.ts'
import { settingsOf } from './network.ts'
import type { Observed } from './observe.ts'
import type { OpenAnswerCache } from './answer-cache.ts'
import type { OpenQuotas } from './quotas.ts'
import type { PolicyKeeper } from './policy-keeper.ts'
import { packConfig } from './packed-config.ts'
import { answerCall } from './budget-calls.ts'
import type { BudgetOffice } from './budget-office.ts'
import type { SharedState, ToSupervisor, ToWorker } from './worker-messages.ts'

/** How often the workers are told what has changed, milliseconds. */
const SHARE_MS = 200
/** Waits before a worker that died is started again: doubling, up to half a minute. */
const FIRST_RESTART_MS = 250
const LONGEST_RESTART_MS = 30_000

export interface Supervision {
  readonly live: LiveConfig
  readonly core: Core
  readonly house: GatewayHouse
  readonly observed: Observed
  readonly quotas: OpenQuotas
  readonly office: BudgetOffice
  readonly keepHeld: OpenHouse['keepHeld']
  readonly keepText: OpenHouse['keepText']
  readonly answers: OpenAnswerCache
  readonly policies: PolicyKeeper
  readonly onApplied: (listener: () => void) => void
  readonly onOwnTerms: (listener: () => void) => void
  readonly engine: BoardEngine
  readonly workers: number
  readonly port: number
}

export interface Supervised {
  /** The port that all workers share. */
  readonly port: number
  readonly stop: () => Promise<void>
}

/** Starts the workers and keeps them alive; they share one port, and their records are committed here. */
export async function supervise(parts: Supervision): Promise<Result<Supervised, Said>> {
  const { live, house } = parts
  const crew = new Crew(parts)
  const front = buildApp(house, settingsOf(live, 'all'), null)
  const { frontSocket } = homePaths(live.current.home)
  rmSync(frontSocket, { force: true })
  await front.fastify.listen({ path: frontSocket })
  chmodSync(frontSocket, 0o600)
  const port = await crew.start()
  const stop = async (): Promise<void> => {
    await crew.stop()
    await front.drain(live.current.limits.drainMs)
  }
  if (port.ok) return ok({ port: port.value, stop })
  await stop()
  return port
}

/** The worker processes. A class because it has a lifetime. */
class Crew {
  readonly #parts: Supervision
  readonly #names = new Map<number, string>()
  /** The chain of each worker process. */
  readonly #chains = new Map<number, string>()
  readonly #failures = new Map<string, number>()
  /** Workers that share a port that the system chose. */
  readonly #onAnyPort = new Set<number>()
  readonly #run: string
  #port: number
  #shared = ''
  #isStopping = false
  #timer: NodeJS.Timeout | null = null

  constructor(parts: Supervision) {
    this.#parts = parts
    this.#port = parts.port
    this.#run = parts.core.newId()
    parts.core.identity.onChange((key) => this.#broadcast({ kind: 'forget', key }))
    parts.onApplied(() =>
      this.#broadcast({
        kind: 'config',
        config: packConfig(parts.live.current),
        state: this.#state(),
      }),
    )
    parts.quotas.onChange((change) => this.#broadcast({ kind: 'quota', change }))
    parts.office.onBudgets(() =>
      this.#broadcast({ kind: 'budgets', budgets: parts.office.budgets() }),
    )
    parts.answers.cache.onCleared((scope) => this.#broadcast({ kind: 'clear-answers', scope }))
    parts.onOwnTerms(() => this.#broadcast({ kind: 'own-terms' }))
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    cluster.setupPrimary({
      exec: fileURLToPath(new URL(`./worker.${extension}`, import.meta.url)),
      serialization: 'advanced',
    })
  }

  /** Resolves with the port once every worker listens, or with the first reason why one cannot. */
  async start(): Promise<Result<number, Said>> {
    this.#timer = setInterval(() => this.#share(), SHARE_MS)
    for (let index = 1; index <= this.#parts.workers; index += 1) {
      // one after the other: with port 0 the first one finds the port for all
      const started = await this.#fork(`worker-${index}`)
      if (!started.ok) return started
      this.#port = started.value
    }
    return ok(this.#port)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#timer) clearInterval(this.#timer)
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
    const { drainMs } = this.#parts.live.current.limits
    await Promise.all(
      workers.map((worker) => {
        const gone = new Promise((resolve) => worker.once('exit', resolve))
        worker.send({ kind: 'drain', deadlineMs: drainMs } satisfies ToWorker)
        const kill = setTimeout(() => worker.process.kill('SIGKILL'), drainMs + 2000)
        return gone.then(() => clearTimeout(kill))
      }),
    )
  }

  #fork(name: string): Promise<Result<number, Said>> {
    const worker = cluster.fork()
    const { core } = this.#parts
    this.#names.set(worker.id, name)
    return new Promise((resolve) => {
      worker.on('message', (message: ToSupervisor) => {
        if (message.kind === 'listening') {
          this.#failures.set(name, 0)
          // what changed since it was told to start
          const quotas = this.#parts.quotas.stored()
          worker.send({ kind: 'quota', change: { kind: 'all', quotas } } satisfies ToWorker)
          resolve(ok(message.port))
        }
        if (message.kind === 'failed') resolve(err(message.said))
        void this.#receive(worker, name, message)
      })
      worker.once('exit', (code) => {
        this.#onAnyPort.delete(worker.id)
        this.#parts.quotas.forget(this.#holderOf(worker))
        void core.chains.close(this.#chains.get(worker.id) ?? '')
        this.#chains.delete(worker.id)
        resolve(
          err({
            en: `A worker ended (${code}).`,
            fr: `Un processus de travail s'est arrêté (${code}).`,
          }),
        )
        this.#again(name)
      })
    })
  }

  async #receive(worker: Worker, name: string, message: ToSupervisor): Promise<void> {
    const { core, live, house, observed, office } = this.#parts
    if (message.kind === 'hello') {
      const head = await core.chains.open(name)
      this.#chains.set(worker.id, head.writer)
      // what a worker before it held in this chain is settled first
      await office.recover(head.writer)
      const order: ToWorker = {
        kind: 'start',
        writer: head.writer,
        head,
        config: packConfig(live.current),
        workers: this.#parts.workers,
        port: this.#portFor(worker),
        version: house.version,
        startedAt: house.startedAt,
        state: this.#state(),
        holder: this.#holderOf(worker),
        quotas: this.#parts.quotas.stored(),
        budgets: office.budgets(),
      }
      worker.send(order)
    }
    if (message.kind === 'seen') observed.fromWorker(name, message.seen, message.open)
    if (message.kind === 'keep-answer') await core.store.answers.put(message.row).catch(() => {})
    if (message.kind === 'keep-text') this.#parts.keepText(message.text)
    if (message.kind === 'shadow')
      for (const count of message.counts) this.#parts.policies.counts.add(count)
    if (message.kind === 'used') await core.store.keys.touch(message.uses)
    if (message.kind === 'lease') await this.#lease(worker, message)
    if (message.kind === 'budget-call') {
      const vault = office.vaultFor(this.#chains.get(worker.id) ?? name)
      const answer = await answerCall(vault, message.what).catch(() => null)
      const { call } = message
      if (worker.isConnected()) {
        worker.send({ kind: 'budget-answer', call, answer } satisfies ToWorker)
      }
    }
    if (message.kind === 'hold-call') {
      const isKept = await this.#parts.keepHeld(message.what).catch(() => false)
      if (worker.isConnected())
        worker.send({ kind: 'hold-answer', call: message.call, isKept } satisfies ToWorker)
    }
    if (message.kind === 'append') {
      observed.recording()
      const how = await core.commitFor(message.records)
      if (worker.isConnected())
        worker.send({ kind: 'appended', batch: message.batch, how } satisfies ToWorker)
    }
  }

  async #lease(worker: Worker, { batch, asks }: Extract<ToSupervisor, { kind: 'lease' }>) {
    const { authority } = this.#parts.quotas
    const grants = await authority.lease(asks).catch(() => null)
    // what is leased to one who is gone meanwhile ends by itself
    if (worker.isConnected()) worker.send({ kind: 'leased', batch, grants } satisfies ToWorker)
  }

  /** Unlike any other worker of any gateway, at any time. */
  #holderOf = (worker: Worker): string => `${this.#run}-${worker.id}`

  /** Port 0 means the same free port to every worker while one that asked so still lives; afterwards it is asked for by number. */
  #portFor(worker: Worker): number {
    const isAny = this.#parts.port === 0 && (this.#port === 0 || this.#onAnyPort.size > 0)
    if (!isAny) return this.#port
    this.#onAnyPort.add(worker.id)
    return 0
  }

  /** A worker that died takes its open requests with it and nothing else. */
  #again(name: string): void {
    this.#parts.observed.workerEnded(name)
    if (this.#isStopping) return
    const failures = (this.#failures.get(name) ?? 0) + 1
    this.#failures.set(name, failures)
    this.#parts.house.log('error', { code: 'worker-ended', worker: name, failures })
    const delay = Math.min(FIRST_RESTART_MS * 2 ** (failures - 1), LONGEST_RESTART_MS)
    setTimeout(() => {
      if (!this.#isStopping) void this.#fork(name)
    }, delay)
  }

  #state(): SharedState {
    const { house, engine } = this.#parts
    return {
      policies: this.#parts.policies.current(),
      catalogue: house.gate.catalogue(),
      health: house.health(),
      engine: house.engine(),
      recording: house.recording(),
      configuration: house.configuration(),
      progress: engine.progress(),
    }
  }

  #share(): void {
    const state = this.#state()
    const { policies, catalogue, ...rest } = state
    const { policy, staged, shadow } = policies
    const shares = staged && [staged.policy.version, staged.share, staged.by]
    const version = JSON.stringify([
      policy.version,
      shares,
      shadow?.version,
      catalogue.version,
      rest,
    ])
    if (version === this.#shared) return
    this.#shared = version
    this.#broadcast({ kind: 'state', state })
  }

  #broadcast(message: ToWorker): void {
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (worker?.isConnected()) worker.send(message)
    }
  }
}
