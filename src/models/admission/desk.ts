import type { AdmissionAct } from '#kernel/admission.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import type { EpochMs } from '#kernel/units.ts'
import { filesOf, type Manifest } from '../store/manifest.ts'
import type { AdmissionBook, Kept } from './book.ts'
import {
  changed,
  mayApprove,
  notNow,
  SYSTEM,
  withBrought,
  withEvidence,
  withScan,
  type Doer,
  asSecond,
} from './change-record.ts'
import type { CompanyKey } from './company-key.ts'
import { countersign, signException } from './countersign.ts'
import {
  readRecord,
  type AdmissionRecord,
  type EvidenceKind,
  type RecordedException,
  type RecordedScan,
} from './record.ts'
import { broughtEvidence, verifyBrought, type Brought, type TrustedHouse } from './signed-record.ts'
import type { ScanTask } from './scan-thread.ts'

/** One step, as the ledger is told of it. */
export interface ToldStep {
  readonly record: AdmissionRecord
  readonly act: AdmissionAct
  readonly who: Doer
  readonly codes: readonly string[]
  readonly why: string | null
}

export interface DeskParts {
  readonly book: AdmissionBook
  readonly key: CompanyKey
  readonly now: () => EpochMs
  readonly pinned: ReadonlySet<string>
  readonly needsTwoPersons: () => boolean
  /** Evidence first: nothing changes that could not be recorded. */
  readonly evidence: (step: ToldStep) => Promise<Result<void, Refusal>>
  /** Where the bytes of a file are, by its digest. */
  readonly blob: (digest: string) => string
  /** Whether all files are here and have been read whole again, right. */
  readonly isIntact: (record: Pick<AdmissionRecord, 'files'>) => Promise<boolean>
  /** Null: it was broken off, because the program ends. */
  readonly scan: (task: ScanTask) => Promise<RecordedScan | null>
  /** What the licence of a model means for the company; null where the desk judges none. */
  readonly licence: (record: AdmissionRecord) => Promise<AdmissionRecord['licence']>
  /** Another record is in force; resolves once everything here goes by it. */
  readonly changed: () => Promise<void>
}

export interface GivenEvidence {
  readonly kind: EvidenceKind
  readonly detail: string
}

/** The steps of an admission, each recorded before it counts. */
export class AdmissionDesk {
  readonly #parts: DeskParts
  /** Two steps of one model in this process wait for each other. */
  readonly #busy = new Map<string, Promise<unknown>>()

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  /** Takes note of a model of the store, scans it, and verifies it where its registry or the product vouches for it. */
  bring(manifest: Manifest, who: Doer): Promise<Result<AdmissionRecord, Refusal>> {
    return this.#alone(manifest.digest, async () => {
      const kept = await this.#parts.book.fresh(manifest.digest)
      const brought = await this.#brought(manifest, kept, who)
      if (!brought.ok) return brought
      const { record, version } = brought.value
      if (record.scan !== null) return ok(record)
      const scanned = await this.#scan(record, version, SYSTEM)
      if (!scanned.ok) return scanned
      const licensed = await this.#judgeLicence(scanned.value.record, scanned.value.version)
      if (!licensed.ok) return licensed
      const isPinned = this.#parts.pinned.has(manifest.digest)
      if (!isPinned || licensed.value.record.state !== 'scanned') return ok(licensed.value.record)
      const given = { kind: 'pinned', detail: 'starter-models.json' } as const
      const verified = await this.#verify(
        licensed.value.record,
        licensed.value.version,
        given,
        SYSTEM,
      )
      return verified.ok ? ok(verified.value.record) : verified
    })
  }

  async #brought(
    manifest: Manifest,
    kept: Kept | null,
    who: Doer,
  ): Promise<Result<Versioned, Refusal>> {
    const { now } = this.#parts
    const told = { ...who, reason: `source-${manifest.source.kind}`, at: now() }
    if (kept !== null) {
      const { record, version } = kept
      if (record === null) return err({ code: 'changed-meanwhile' })
      const hasHand = record.changes.some(({ act, by }) => act === 'brought' && by !== SYSTEM.by)
      const fresh = manifest.aliasDigests.filter((alias) => !record.aliases.includes(alias))
      if ((hasHand || who.by === SYSTEM.by) && fresh.length === 0) return ok({ record, version })
      const named = { ...record, aliases: [...record.aliases, ...fresh] }
      return this.#keep(changed(named, 'brought', record.state, told), version, {
        act: 'brought',
        who,
        codes: [told.reason],
      })
    }
    const record: AdmissionRecord = {
      v: 1,
      digest: manifest.digest,
      name: manifest.name,
      format: manifest.format,
      bytes: manifest.bytes,
      files: [...filesOf(manifest)],
      source: { ...manifest.source },
      aliases: [...manifest.aliasDigests],
      state: 'quarantined',
      scan: null,
      evidence: null,
      approval: null,
      exceptions: [],
      licence: null,
      changes: [],
    }
    return this.#keep(changed(record, 'brought', 'quarantined', told), 0, {
      act: 'brought',
      who,
      codes: [told.reason],
    })
  }

  /** Judges the files again. */
  scan(digest: string, who: Doer): Promise<Result<AdmissionRecord, Refusal>> {
    return this.#step(digest, (record, version) => this.#scan(record, version, who))
  }

  async #scan(record: AdmissionRecord, version: number, who: Doer): Step {
    const { blob, scan } = this.#parts
    const files = record.files.map(({ path, digest, bytes }) => ({ path, bytes, at: blob(digest) }))
    const found = await scan({ root: record.name, files })
    if (found === null) return err({ code: 'shutting-down' })
    const codes = [
      found.verdict,
      ...found.needs,
      ...new Set(found.findings.map(({ rule }) => rule)),
    ]
    return this.#keep(withScan(record, found, who), version, {
      act: 'scanned',
      who,
      codes: codes.slice(0, 20),
    })
  }

  /** Reads every byte again, and takes note of who vouches for them. */
  admit(
    digest: string,
    given: GivenEvidence,
    who: Doer,
  ): Promise<Result<AdmissionRecord, Refusal>> {
    return this.#step(digest, async (record, version) => {
      if (!(await this.#parts.isIntact(record)))
        return err({ code: 'weights-missing', detail: { model: record.name } })
      // rules of an older version, or files judged before: the verdict counts that is made now
      const scanned = await this.#scan(record, version, SYSTEM)
      if (!scanned.ok) return scanned
      return this.#verify(scanned.value.record, scanned.value.version, given, who)
    })
  }

  async #verify(record: AdmissionRecord, version: number, given: GivenEvidence, who: Doer): Step {
    const evidence = { ...given, ...who, at: this.#parts.now() }
    const next = withEvidence(record, evidence)
    if (!next.ok) return next
    return this.#keep(next.value, version, { act: 'verified', who, codes: [given.kind] })
  }

  /** Takes another house's approval as evidence of weights: they are read and scanned here first. */
  accept(
    digest: string,
    given: Brought,
    houses: readonly TrustedHouse[],
    who: Doer,
  ): Promise<Result<AdmissionRecord, Refusal>> {
    return this.#step(digest, async (record, version) => {
      const { now, isIntact } = this.#parts
      const model = record.name
      const shown = verifyBrought(record, given, houses, now())
      if (!shown.ok)
        return err({ code: 'weights-not-attested', detail: { model, reason: shown.error } })
      if (record.state === 'approved') return ok({ record, version })
      if (record.state === 'revoked' || record.state === 'suspended')
        return err(notNow(record, 'import'))
      if (!(await isIntact(record))) return err({ code: 'weights-missing', detail: { model } })
      const scanned = await this.#scan(record, version, SYSTEM)
      if (!scanned.ok) return scanned
      const evidence = { ...broughtEvidence(shown.value), ...who, at: now() }
      const next = withBrought(scanned.value.record, evidence)
      if (!next.ok) return next
      const { house } = shown.value
      const codes = ['house', `key-${house.fingerprint.slice(0, 16)}`]
      const why = evidence.detail
      const kept = await this.#keep(next.value, scanned.value.version, {
        act: 'imported',
        who,
        codes,
        why,
      })
      // what the configuration says of this house is the decision; nobody takes it here and now
      return kept.ok && house.accepts === 'approved'
        ? this.#approve(kept.value.record, kept.value.version, `house ${house.name}`, SYSTEM)
        : kept
    })
  }

  /** Signs the weights with the company's key. */
  approve(
    digest: string,
    reason: string | null,
    who: Doer,
  ): Promise<Result<AdmissionRecord, Refusal>> {
    return this.#step(digest, (record, version) => this.#approve(record, version, reason, who))
  }

  async #approve(record: AdmissionRecord, version: number, reason: string | null, who: Doer): Step {
    const { key, now, needsTwoPersons } = this.#parts
    const may = mayApprove(record, who, needsTwoPersons())
    if (!may.ok) return may
    const approval = { ...who, reason, at: now(), bundle: countersign(record, key) }
    const next = changed({ ...record, approval }, 'approved', 'approved', {
      ...who,
      reason,
      at: now(),
    })
    const codes = ['countersigned', `key-${key.fingerprint.slice(0, 16)}`]
    return this.#keep(next, version, { act: 'approved', who, codes, why: reason })
  }

  /** Ends the service of weights: until they are admitted or approved again, or for good. */
  stop(
    digest: string,
    state: 'suspended' | 'revoked',
    reason: string,
    who: Doer,
  ): Promise<Result<AdmissionRecord, Refusal>> {
    return this.#step(digest, async (record, version) => {
      if (record.state === 'revoked') return err(notNow(record, state))
      const at = this.#parts.now()
      const next = changed({ ...record, approval: null }, state, state, { ...who, reason, at })
      return this.#keep(next, version, { act: state, who, codes: [state], why: reason })
    })
  }

  /** Lets formats serve that are not served by default, until a time. */
  except(
    digest: string,
    given: Pick<RecordedException, 'kinds' | 'reason' | 'expiresAt'>,
    who: Doer,
  ): Promise<Result<AdmissionRecord, Refusal>> {
    return this.#step(digest, async (record, version) => {
      const { key, now } = this.#parts
      if (record.state === 'revoked') return err(notNow(record, 'exception'))
      const may = this.#parts.needsTwoPersons() ? asSecond(record, who) : ok(undefined)
      if (!may.ok) return may
      const at = now()
      if (given.expiresAt <= at)
        return err({
          code: 'invalid-value',
          param: 'expiresAt',
          detail: { expected: 'a time to come' },
        })
      const signed = signException(record.digest, { ...given, by: who.by, at }, key)
      const { reason } = given
      const next = changed(
        { ...record, exceptions: [...record.exceptions, signed].slice(-MOST_EXCEPTIONS) },
        'exception',
        record.state,
        { ...who, reason, at },
      )
      const until = `until-${new Date(given.expiresAt).toISOString().slice(0, 10)}`
      return this.#keep(next, version, {
        act: 'exception',
        who,
        codes: [...given.kinds, until],
        why: reason,
      })
    })
  }

  /** Judges the licence again, by the profile of the company as it is now. */
  relicense(digest: string): Promise<Result<AdmissionRecord, Refusal>> {
    return this.#step(digest, (record, version) => this.#judgeLicence(record, version))
  }

  async #judgeLicence(record: AdmissionRecord, version: number): Step {
    const licence = await this.#parts.licence(record)
    const before = record.licence
    const isSame =
      licence === null ||
      (before !== null &&
        before.verdict === licence.verdict &&
        before.id === licence.id &&
        before.text === licence.text &&
        before.isBinding === licence.isBinding &&
        before.profile === licence.profile)
    if (isSame) return ok({ record, version })
    const told = { ...SYSTEM, reason: licence.verdict, at: licence.at }
    const next = changed({ ...record, licence }, 'licence-judged', record.state, told)
    const codes = [licence.verdict, ...(licence.id === null ? [] : [licence.id])]
    return this.#keep(next, version, { act: 'licence-judged', who: SYSTEM, codes })
  }

  /** Evidence, then the record, then whoever has a copy. */
  async #keep(
    record: AdmissionRecord,
    version: number,
    step: Omit<ToldStep, 'record' | 'why'> & { readonly why?: string | null },
  ): Step {
    const { book, evidence } = this.#parts
    // what cannot be read back would count against the weights, and no step would mend it
    if (readRecord(JSON.stringify(record)) === null) return err({ code: 'internal-error' })
    // reading and judging took minutes, perhaps: what somebody else did meanwhile is not to be told over
    const before = await book.fresh(record.digest)
    if ((before?.version ?? 0) !== version) return err({ code: 'changed-meanwhile' })
    const told = { why: null, ...step, record }
    const recorded = await evidence(told)
    if (!recorded.ok) return recorded
    if (!(await book.put(record, version))) {
      // the ledger takes nothing back: it is told that this step came to nothing
      await evidence({ ...told, codes: ['changed-meanwhile'] })
      return err({ code: 'changed-meanwhile' })
    }
    await this.#parts.changed()
    return ok({ record, version: version + 1 })
  }

  #step(
    digest: string,
    work: (record: AdmissionRecord, version: number) => Step,
  ): Promise<Result<AdmissionRecord, Refusal>> {
    return this.#alone(digest, async () => {
      const kept = await this.#parts.book.fresh(digest)
      if (kept === null) return err({ code: 'not-found', param: 'id' })
      if (kept.record === null) return err({ code: 'changed-meanwhile' })
      const done = await work(kept.record, kept.version)
      return done.ok ? ok(done.value.record) : done
    })
  }

  async #alone<T>(digest: string, work: () => Promise<T>): Promise<T> {
    const before = this.#busy.get(digest)
    const mine = (async () => {
      await before?.catch(() => undefined)
      return work()
    })()
    this.#busy.set(digest, mine)
    try {
      return await mine
    } finally {
      if (this.#busy.get(digest) === mine) this.#busy.delete(digest)
    }
  }
}

/** Exceptions kept in a record. */
const MOST_EXCEPTIONS = 50

interface Versioned {
  readonly record: AdmissionRecord
  readonly version: number
}

type Step = Promise<Result<Versioned, Refusal>>
