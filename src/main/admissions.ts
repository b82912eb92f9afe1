import type { ModelsAdmin } from '#gateway/admin-ports.ts'
import type { Destination } from '#kernel/destination.ts'
import type { ModelAdmissionEvent } from '#ledger/house-event.ts'
import type { BoardModel } from '#ledger/in-force.ts'
import { AdmissionBook } from '#models/admission/book.ts'
import { SYSTEM } from '#models/admission/change-record.ts'
import { companyKey, type CompanyKey } from '#models/admission/company-key.ts'
import { AdmissionDesk, type ToldStep } from '#models/admission/desk.ts'
import { dressed, standingBy, type DressParts } from '#models/admission/dress.ts'
import { factsOf, type AdmissionFacts } from '#models/admission/facts.ts'
import { judgeLicence } from '#models/admission/judge-licence.ts'
import { SCAN_BUDGET, scanApart } from '#models/admission/scan-apart.ts'
import { listModels } from '#models/store/find-model.ts'
import { storePaths } from '#models/store/store-layout.ts'
import { reverifyBlobs } from '#models/store/verify-blob.ts'
import type { PoliciesInForce } from '#policy/in-force.ts'
import { PINNED } from './board-destination.ts'
import type { Core } from './core.ts'
import { homePaths } from './home-paths.ts'
import type { BoardEngine } from './house.ts'
import type { LiveConfig } from './live-config.ts'
import type { Log } from './log.ts'
import { modelsAdmin } from './models-admin.ts'
import { Relicensing } from './relicensing.ts'
import { weightsReports } from './weights-reports.ts'

/** What was decided about weights, and what that means for everything that runs here. */
export interface AdmissionKeeper {
  readonly dress: (destination: Destination) => Destination
  /** The models on board, those that may not serve told as such. */
  readonly boarded: (models: readonly BoardModel[]) => readonly BoardModel[]
  /** What is recorded of weights, without names. */
  readonly facts: (digest: string) => AdmissionFacts | null
  readonly admin: ModelsAdmin
  /** Calls back when anything may stand elsewhere than before, and waits. */
  readonly onChange: (listener: () => Promise<void>) => void
  /** Begins to follow: servers, the store of this machine, other gateways, time. */
  readonly follow: (
    destinations: () => readonly Destination[],
    policies: () => PoliciesInForce,
  ) => void
  /** The company's profile may be another one. */
  readonly configured: () => void
  close(): Promise<void>
}

interface AdmissionKeeperParts {
  readonly core: Core
  readonly live: LiveConfig
  readonly engine: BoardEngine
  readonly log: Log
  /** Whether models of the store get a record by themselves; a command makes one only when it is asked to. */
  readonly isServing: boolean
}

/** The longest wait for the end of an exception, milliseconds: the clock of the machine may be set meanwhile. */
const LONGEST_WAIT_MS = 60_000
/** Until records that could not be read are read again, milliseconds. */
const REREAD_MS = 2_000
/** Until models that could not be taken note of are tried again, milliseconds. */
const ENROL_AGAIN_MS = 30_000

/** Opens the records, and follows what happens to them. */
export async function keepAdmissions(parts: AdmissionKeeperParts): Promise<AdmissionKeeper> {
  const keeper = new Keeper(parts)
  await keeper.open()
  return keeper
}

class Keeper implements AdmissionKeeper {
  readonly #parts: AdmissionKeeperParts
  readonly #book: AdmissionBook
  readonly #key: CompanyKey
  readonly #desk: AdmissionDesk
  readonly #dressing: DressParts
  readonly #reports
  readonly #licences: Relicensing
  readonly #listeners: (() => Promise<void>)[] = []
  readonly admin: ModelsAdmin
  #stopListening = (): void => {}
  #timer: NodeJS.Timeout | null = null
  #again: NodeJS.Timeout | null = null
  #owing: NodeJS.Timeout | null = null
  #enrolling: Promise<void> = Promise.resolve()
  readonly #stopping = new AbortController()

  constructor(parts: AdmissionKeeperParts) {
    this.#parts = parts
    const { core, live, isServing } = parts
    const dir = homePaths(live.current.home).models
    this.#book = new AdmissionBook(core.store.admissions)
    this.#key = companyKey(core.evidenceKeys.models)
    this.#reports = weightsReports(live)
    this.#dressing = {
      book: this.#book,
      key: this.#key,
      now: core.clock,
      pinned: PINNED,
      isEnrolling: isServing,
      reported: this.#reports.of,
    }
    const blob = storePaths(dir).blob
    this.#desk = new AdmissionDesk({
      book: this.#book,
      key: this.#key,
      now: core.clock,
      pinned: PINNED,
      needsTwoPersons: () => live.current.models.needsTwoPersons,
      evidence: (step) => core.houseEvent(eventOf(step)),
      blob,
      isIntact: ({ files }) =>
        reverifyBlobs(
          dir,
          files.map(({ digest }) => digest),
        ),
      scan: (task) => scanApart(task, core.clock, SCAN_BUDGET, this.#stopping.signal),
      licence: async (record) => {
        const manifest = (await listModels(dir)).find(({ digest }) => digest === record.digest)
        const { company } = live.current
        const tag = manifest?.licence ?? null
        return judgeLicence(record, { blob, tag, company, now: core.clock() })
      },
      changed: () => this.#changed(),
    })
    this.#licences = new Relicensing({
      book: this.#book,
      desk: this.#desk,
      dir,
      blob,
      company: () => live.current.company,
      isStopping: () => this.#stopping.signal.aborted,
    })
    this.admin = modelsAdmin({
      judged: () => this.#licences.judged(),
      dir,
      book: this.#book,
      desk: this.#desk,
      dressing: this.#dressing,
      now: core.clock,
      trusted: () => live.current.models.trustedHouses,
    })
  }

  async open(): Promise<void> {
    await this.#book.read()
    const { core } = this.#parts
    this.#stopListening = core.store.changes.listen((topic) => {
      if (topic === null || topic === 'models') this.#reread()
    })
    this.#tellEngine()
    this.#wait()
  }

  /** Somebody changed a record. What cannot be read now is read soon: it may be a revocation. */
  #reread(): void {
    if (this.#again) clearTimeout(this.#again)
    this.#again = null
    this.#book.read().then(
      () => this.#changed(),
      () => {
        this.#parts.log('warn', { code: 'database-unavailable', what: 'models' })
        if (this.#stopping.signal.aborted) return
        this.#again = setTimeout(() => this.#reread(), REREAD_MS)
        this.#again.unref()
      },
    )
  }

  dress = (destination: Destination): Destination => dressed(destination, this.#dressing)

  facts = (digest: string): AdmissionFacts | null => {
    const record = this.#book.of(digest)?.record
    return record ? factsOf(record, this.#key, this.#parts.core.clock()) : null
  }

  boarded = (models: readonly BoardModel[]): readonly BoardModel[] =>
    models.map((model) => {
      const stopped = this.#stopOf(model.digest)
      return model.withdrawn !== undefined || stopped === null
        ? model
        : { ...model, withdrawn: stopped }
    })

  onChange = (listener: () => Promise<void>): void => void this.#listeners.push(listener)

  follow: AdmissionKeeper['follow'] = (destinations, policies) => {
    const { engine } = this.#parts
    const isWanted = (): boolean => isOfWeights(policies()) || this.#hasBrought()
    this.#reports.start(destinations, isWanted, () => void this.#changed())
    engine.onModels(() => this.#enrol())
    this.#licences.follow((work) => this.#later(work))
    this.#enrol()
  }

  configured = (): void => {
    this.#later(() => this.#licences.again(false))
  }

  async close(): Promise<void> {
    this.#stopping.abort()
    this.#stopListening()
    this.#reports.stop()
    this.#licences.stop()
    for (const timer of [this.#timer, this.#again, this.#owing]) if (timer) clearTimeout(timer)
    await this.#enrolling
  }

  /** Whether there is a record of weights beside those that came with the product. */
  #hasBrought = (): boolean => this.#book.all().some(({ digest }) => !PINNED.has(digest))

  /** Does something once what runs now is done: records are changed by one at a time. */
  #later(work: () => Promise<void>): void {
    this.#enrolling = this.#enrolling
      .then(work)
      .catch(() => this.#parts.log('warn', { code: 'internal-error', what: 'models' }))
  }

  /** Makes a record of every model of the store that has none, one after the other. */
  #enrol(): void {
    this.#enrolling = this.#enrolling.then(async () => {
      const dir = homePaths(this.#parts.live.current.home).models
      // a text, a tag or the company may be another one; that does not wait for what is yet to be scanned
      await this.#licences.again(true)
      for (const manifest of await listModels(dir)) {
        if (this.#stopping.signal.aborted) return
        const record = this.#book.of(manifest.digest)?.record
        const isNew = manifest.aliasDigests.some((one) => !record?.aliases.includes(one))
        if (record && record.scan !== null && !isNew) continue
        const brought = await this.#desk.bring(manifest, SYSTEM)
        if (brought.ok) continue
        this.#parts.log('warn', { code: brought.error.code, model: manifest.name })
        if (brought.error.code === 'ledger-unavailable') this.#enrolLater()
      }
    })
    this.#enrolling = this.#enrolling.catch(() => {
      this.#parts.log('warn', { code: 'internal-error', what: 'models' })
      this.#enrolLater()
    })
  }

  /** Without a record weights wait: they must not do so until the next model comes. */
  #enrolLater(): void {
    if (this.#owing) clearTimeout(this.#owing)
    if (this.#stopping.signal.aborted) return
    this.#owing = setTimeout(() => this.#enrol(), ENROL_AGAIN_MS)
    this.#owing.unref()
  }

  #stopOf(digest: string): string | null {
    const standing = standingBy(this.#dressing, digest)
    if (standing !== null) return standing.stopped
    return PINNED.has(digest) ? null : 'checking'
  }

  #tellEngine(): void {
    this.#parts.engine.admits((digest) => this.#stopOf(digest) === null)
  }

  async #changed(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    this.#wait()
    this.#tellEngine()
    try {
      for (const listener of this.#listeners) await listener()
    } catch {
      this.#parts.log('error', { code: 'ledger-unavailable', what: 'models' })
    }
  }

  /** An exception that begins or ends changes what may serve, without anybody doing anything. */
  #wait(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const { core } = this.#parts
    const moments = this.#book
      .all()
      .flatMap(({ digest }) => standingBy(this.#dressing, digest)?.until ?? [])
    if (moments.length === 0) return
    const wait = Math.max(0, Math.min(...moments) - core.clock()) + 1
    this.#timer = setTimeout(() => void this.#changed(), Math.min(wait, LONGEST_WAIT_MS))
    this.#timer.unref()
  }
}

/** Whether a rule that decides anything asks who answers for weights. */
const isOfWeights = ({ policy, staged, shadow }: PoliciesInForce): boolean =>
  [policy, staged?.policy, shadow].some(
    (one) => one?.rules.some(({ allow }) => allow?.weights !== undefined) ?? false,
  )

const eventOf = ({ record, act, who, codes, why }: ToldStep): ModelAdmissionEvent => ({
  type: 'model-admission',
  v: 1,
  actor: who.by,
  model: record.name,
  digest: record.digest,
  decision: act,
  reasons: codes,
  ...(why === null ? {} : { why }),
})
