import { stat } from 'node:fs/promises'
import { clearInterval, setInterval } from 'node:timers'
import type { AdmissionBook } from '#models/admission/book.ts'
import type { AdmissionDesk } from '#models/admission/desk.ts'
import { judgeFiles, licenceFileOf, profileDigest } from '#models/admission/judge-licence.ts'
import type { AdmissionRecord } from '#models/admission/record.ts'
import { listModels } from '#models/store/find-model.ts'
import type { JudgedLicences } from '#models/licences/duties.ts'
import type { CompanyProfile } from '#models/licences/profile.ts'
import type { LicenceClaims } from '#models/licences/read-claims.ts'
import type { Licence } from '#models/licences/licence.ts'

/** Licence texts in the store are looked at this often, milliseconds. */
const LOOK_MS = 3_000

export interface RelicensingParts {
  readonly book: AdmissionBook
  readonly desk: AdmissionDesk
  readonly dir: string
  readonly blob: (digest: string) => string
  readonly company: () => CompanyProfile
  readonly isStopping: () => boolean
}

/** Judges licences again when the company, what is known of licences, a text or a tag is another. */
export class Relicensing {
  readonly #parts: RelicensingParts
  /** When each licence text was last written, by its digest, as it was seen last. */
  readonly #texts = new Map<string, number | null>()
  /** What could not be judged when it was due, because the database was away: tried again at the next look. */
  readonly #owed = new Set<string>()
  #timer: NodeJS.Timeout | null = null

  constructor(parts: RelicensingParts) {
    this.#parts = parts
  }

  /** Begins to look at texts; `again` puts work in line behind what runs. */
  follow(again: (work: () => Promise<void>) => void): void {
    this.#timer = setInterval(() => again(() => this.look()), LOOK_MS)
    this.#timer.unref()
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
  }

  /** All that were judged for another company or by other rules; with `everything`, all: a tag may be another. */
  async again(everything: boolean): Promise<void> {
    const { book, company, isStopping } = this.#parts
    const profile = profileDigest(company())
    for (const { digest, record } of book.all()) {
      if (isStopping()) return
      if (!record || record.licence === null) continue
      if (!everything && record.licence.profile === profile) continue
      await this.#judge(digest)
    }
  }

  async #judge(digest: string): Promise<void> {
    try {
      const judged = await this.#parts.desk.relicense(digest)
      // evidence that could not be written, or somebody else at it: no verdict yet
      if (judged.ok || judged.error.code === 'not-found') this.#owed.delete(digest)
      else this.#owed.add(digest)
    } catch {
      this.#owed.add(digest)
    }
  }

  /** One look: what is owed, and texts that were written to. */
  async look(): Promise<void> {
    const { book, blob, isStopping } = this.#parts
    for (const digest of this.#owed) {
      if (isStopping()) return
      // a record that cannot be read is judged by nobody
      if (book.of(digest)?.record) await this.#judge(digest)
      else this.#owed.delete(digest)
    }
    for (const { digest, record } of book.all()) {
      if (isStopping()) return
      const file = record && licenceFileOf(record)
      if (!file) continue
      const written = await stat(blob(file.digest)).then(
        ({ mtimeMs, ctimeMs }) => Math.max(mtimeMs, ctimeMs),
        () => null,
      )
      const before = this.#texts.get(file.digest)
      this.#texts.set(file.digest, written)
      // the first look is no change: it was judged when it came
      if (before === undefined || before === written || written === null) continue
      await this.#judge(digest)
    }
  }

  /** What the licences of the models of this machine mean now, by their names. */
  async judged(): Promise<readonly JudgedLicences[]> {
    const { book, dir, blob, company } = this.#parts
    const all: JudgedLicences[] = []
    for (const { digest, name, licence } of await listModels(dir)) {
      const record = book.of(digest)?.record
      const given = { blob, tag: licence, company: company() }
      const judged = record ? await judgeFiles(record, given) : null
      if (judged) all.push(rowOf(name, record ?? null, judged))
    }
    return all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }
}

function rowOf(
  name: string,
  record: AdmissionRecord | null,
  { claims, judgement }: { readonly claims: LicenceClaims } & Pick<JudgedLicences, 'judgement'>,
): JudgedLicences {
  const licences = claims.claims.map(licenceOf).filter((one) => one !== null)
  return { name, digest: record?.digest ?? '', licences, judgement, text: claims.text }
}

const licenceOf = ({ text, tag }: LicenceClaims['claims'][number]): Licence | null =>
  text !== null && text.kind !== 'unknown' ? text.licence : tag
