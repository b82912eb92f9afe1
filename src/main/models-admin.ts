import type { ModelsAdmin } from '#gateway/admin-ports.ts'
import { attest } from '#models/admission/attest.ts'
import type { AdmissionBook, Kept } from '#models/admission/book.ts'
import type { Doer } from '#models/admission/change-record.ts'
import type { CompanyKey } from '#models/admission/company-key.ts'
import type { AdmissionDesk } from '#models/admission/desk.ts'
import { standingBy, type DressParts } from '#models/admission/dress.ts'
import type { AdmissionRecord } from '#models/admission/record.ts'
import { fullView, rowView, unrecordedView, type AdmissionRowView } from '#models/admission/view.ts'
import { houseOf, signRecord, type TrustedHouse } from '#models/admission/signed-record.ts'
import { findModel, listModels } from '#models/store/find-model.ts'
import type { Manifest } from '#models/store/manifest.ts'
import { noticeOf, tasksOf, type JudgedLicences } from '#models/licences/duties.ts'
import type { Caller } from '#kernel/exchange.ts'
import type { Refusal } from '#kernel/refusal.ts'
import { err, type Result } from '#kernel/result.ts'
import type { ModelSettings } from '#config/types.ts'

interface ModelsAdminParts {
  /** The store of this machine. */
  readonly dir: string
  readonly book: AdmissionBook
  readonly desk: AdmissionDesk
  readonly dressing: DressParts
  readonly now: () => number
  /** What the licences of the models of this machine mean now. */
  readonly judged: () => Promise<readonly JudgedLicences[]>
  /** Houses whose approvals count here, by the configuration. */
  readonly trusted: () => ModelSettings['trustedHouses']
}

/** Name of a house of which only the key was given. */
const GIVEN = 'given-key'

/** Houses of the configuration, and the one whose key was given; null where a key is none. */
function housesOf(
  trusted: ModelSettings['trustedHouses'],
  given: string | undefined,
): readonly TrustedHouse[] | null {
  const known = trusted.map(({ name, publicKey, accepts }) => houseOf(name, publicKey, accepts))
  const all = given === undefined ? known : [...known, houseOf(GIVEN, given, 'verified')]
  const houses = all.filter((one) => one !== null)
  return houses.length === all.length ? houses : null
}

const doerOf = ({ keyId, person }: Caller): Doer => ({ by: keyId, person })

/** Admission as administrators see and change it, by name or digest. */
export function modelsAdmin({
  dir,
  book,
  desk,
  dressing,
  now,
  trusted,
  judged,
}: ModelsAdminParts): ModelsAdmin {
  const { key, pinned } = dressing
  const manifestOf = async (digest: string): Promise<Manifest | null> =>
    (await listModels(dir)).find((one) => one.digest === digest) ?? null
  /** One step of one model, by whatever it is named. */
  const step: Step = async (id, work) => {
    const kept = await find(id, dir, book)
    if (!kept?.record) return err<Refusal>({ code: 'not-found', param: 'id' })
    return work(kept.digest, kept.record)
  }
  const rowOf = (kept: Kept, here: ReadonlySet<string>): AdmissionRowView =>
    rowView(kept, key, now(), {
      isHere: here.has(kept.digest),
      hasRevoked: kept.record !== null && book.holdsRevoked(kept.record),
    })
  return {
    async list() {
      const manifests = await listModels(dir)
      const here = new Set(manifests.map(({ digest }) => digest))
      const recorded = book.all().map((kept) => rowOf(kept, here))
      const others = manifests.filter(({ digest }) => book.of(digest) === null)
      return [...recorded, ...others.map((one) => unseen(one, dressing))]
    },
    async get(id) {
      const kept = await find(id, dir, book)
      if (!kept?.record) {
        const manifest = await findModel(dir, id)
        return manifest && unseen(manifest, dressing)
      }
      const here = new Set((await listModels(dir)).map(({ digest }) => digest))
      return fullView(rowOf(kept, here), kept.record, key, now())
    },
    tasks: async () => tasksOf(await judged()),
    notice: async () => noticeOf(await judged()),
    signature: async (id) => (await find(id, dir, book))?.record?.approval?.bundle ?? null,
    key: () => ({ publicKey: key.publicPem, fingerprint: key.fingerprint }),
    async bring(name, caller) {
      const manifest = await findModel(dir, name)
      if (manifest === null) return err({ code: 'not-found', param: 'name' })
      return desk.bring(manifest, doerOf(caller))
    },
    scan: (id, caller) => step(id, (digest) => desk.scan(digest, doerOf(caller))),
    admit: (id, proof, caller) =>
      step(id, async (digest, record) => {
        const isPinned = pinned.has(digest)
        const manifest = await manifestOf(digest)
        const shown = attest(record, proof, { manifest, isPinned, now: now() })
        if (!shown.ok)
          return err({
            code: 'weights-not-attested',
            detail: { model: record.name, reason: shown.error },
          })
        return desk.admit(digest, shown.value, doerOf(caller))
      }),
    ...betweenHouses({ dir, book, desk, key, now, trusted }, step),
    approve: (id, reason, caller) =>
      step(id, (digest) => desk.approve(digest, reason, doerOf(caller))),
    stop: (id, state, reason, caller) =>
      step(id, (digest) => desk.stop(digest, state, reason, doerOf(caller))),
    except: (id, given, caller) => step(id, (digest) => desk.except(digest, given, doerOf(caller))),
  }
}

type Step = (
  id: string,
  work: (digest: string, record: AdmissionRecord) => Promise<Result<AdmissionRecord, Refusal>>,
) => Promise<Result<AdmissionRecord, Refusal>>

/** What is told another house, and what one tells. */
const betweenHouses = (
  {
    dir,
    book,
    desk,
    key,
    now,
    trusted,
  }: Pick<ModelsAdminParts, 'dir' | 'book' | 'desk' | 'now' | 'trusted'> & {
    readonly key: CompanyKey
  },
  step: Step,
): Pick<ModelsAdmin, 'signedRecord' | 'accept'> => ({
  async signedRecord(id) {
    const record = (await find(id, dir, book))?.record
    if (!record) return null
    return { record: signRecord(record, key, now()), bundle: record.approval?.bundle ?? null }
  },
  accept: (id, { trustKey, ...given }, caller) =>
    step(id, async (digest, { name }) => {
      const houses = housesOf(trusted(), trustKey)
      if (houses === null)
        return err({
          code: 'weights-not-attested',
          detail: { model: name, reason: 'key-unreadable' },
        })
      return desk.accept(digest, given, houses, doerOf(caller))
    }),
})

/** Weights of the store of which nothing is recorded yet. */
function unseen(manifest: Manifest, dressing: DressParts): AdmissionRowView {
  const { name, digest, format, bytes, source } = manifest
  const standing = standingBy(dressing, digest)
  const isPinned = dressing.pinned.has(digest)
  return unrecordedView({
    name,
    digest,
    format,
    bytes,
    source,
    isHere: true,
    weights: standing?.weights ?? (isPinned ? 'verified' : 'unverified'),
    stopped: standing?.stopped ?? (isPinned ? null : 'quarantined'),
  })
}

/** Shortest beginning of a digest that names it. */
const LEAST_DIGITS = 8

/** A record by its digest, the beginning of it, the name of a model of the store, or the name it was brought under. */
async function find(id: string, dir: string, book: AdmissionBook): Promise<Kept | null> {
  const hex = id.toLowerCase().replace(/^sha256[:-]/, '')
  const exact = book.of(hex)
  if (exact) return exact
  const stored = await findModel(dir, id)
  if (stored) return book.of(stored.digest)
  const all = book.all()
  if (/^[0-9a-f]+$/.test(hex) && hex.length >= LEAST_DIGITS) {
    const [only, ...others] = all.filter(({ digest }) => digest.startsWith(hex))
    if (only && others.length === 0) return only
  }
  const named = all.filter(({ record }) => record?.name === id)
  const at = ({ record }: Kept): number => record?.changes[0]?.at ?? 0
  return named.toSorted((a, b) => at(b) - at(a))[0] ?? null
}
