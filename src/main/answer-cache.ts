import { createSecretKey, randomBytes } from 'node:crypto'
import { AnswerCache } from '#caches/answer-cache.ts'
import { AnswerTallies, type CacheCounts, type CacheEvent } from '#caches/answer-tallies.ts'
import { isForbidden } from '#caches/bypass.ts'
import { KeptAnswers } from '#caches/kept-answers.ts'
import { createMeanings } from '#caches/meanings.ts'
import { CACHE, type CacheStore } from '#caches/ports.ts'
import type { CacheSettings } from '#caches/settings.ts'
import type { EvidenceKeys } from '#identity/evidence-keys.ts'
import { classRank, type Label } from '#kernel/label.ts'
import type { Duties } from '#kernel/duties.ts'
import type { Clock } from '#kernel/ports.ts'
import { embedText } from '#pipeline/embed-text.ts'
import type { House } from '#pipeline/ports.ts'
import type { KeepingPlace, MayKeep } from '#policy/gate.ts'
import type { Store } from '#store/ports.ts'
import type { LineGenerations } from './line-generations.ts'
import type { HouseWithoutLines } from './serving.ts'

/** Answers that were given before are removed from the database when their time is over, this often. */
const SWEEP_MS = 60_000

/** Whether the configuration permits to keep an answer of this label, and to show it. */
export const mayCache =
  (settings: () => CacheSettings): MayKeep =>
  (label: Label, { destination }: KeepingPlace, duties: Duties) =>
    destination === CACHE.destination &&
    !label.undetermined &&
    !isForbidden(duties) &&
    classRank(label.class) <= classRank(settings().upTo)

export interface OpenAnswerCache {
  readonly cache: AnswerCache
  readonly kept: KeptAnswers
  readonly counts: () => CacheCounts
  readonly close: () => void
}

interface CacheHere {
  readonly settings: () => CacheSettings
  readonly store: Pick<Store, 'changes'>
  /** Null where this process cannot write. */
  readonly rows: CacheStore | null
  readonly keys: EvidenceKeys
  readonly clock: Clock
  readonly house: Pick<
    HouseWithoutLines,
    'gate' | 'classify' | 'newId' | 'random' | 'readiness' | 'clock' | 'now'
  >
  readonly lines: LineGenerations
  /** Hears of what is counted. */
  readonly tell?: (event: CacheEvent) => void
  /** Whether this process looks after the database. */
  readonly sweeps: boolean
}

/** Wires the answers that are kept to the gate, the classifier, the database and the models of our own zones. */
export function openAnswerCache(here: CacheHere): OpenAnswerCache {
  const { settings, rows, keys, clock, house } = here
  const key = createSecretKey(keys.answerKeys)
  const sealing = createSecretKey(keys.answers)
  const tallies = new AnswerTallies(here.tell)
  const kept = new KeptAnswers({ settings, rows, sealing, clock, randomBytes })
  const cache = new AnswerCache({
    settings,
    gate: house.gate,
    kept,
    key,
    clock,
    tallies,
    subjectDigest: keys.subjectDigest,
    meanings: createMeanings({ embed: embedWith(here), kept, key }),
    async labelOf(texts, tenant) {
      const parts = texts.map((text, at) => ({ path: `answer.${at}`, text, kind: 'text' as const }))
      return (await house.classify(parts, tenant)).label
    },
  })
  const stop = here.store.changes.listen((topic) => {
    if (topic === null || topic === 'answers') cache.clearHere(null)
  })
  const sweep = setInterval(() => {
    if (settings().store === 'database') rows?.removeExpired(clock()).catch(() => {})
  }, SWEEP_MS)
  sweep.unref()
  if (!here.sweeps) clearInterval(sweep)
  return {
    cache,
    kept,
    counts: () => tallies.counts(),
    close() {
      clearInterval(sweep)
      stop()
    },
  }
}

/** A vector from the model that the configuration names, over the lines that are open now. */
const embedWith =
  ({ settings, house, lines }: CacheHere): Parameters<typeof createMeanings>[0]['embed'] =>
  async (text, of, signal) => {
    const { semantic } = settings()
    if (!semantic) return null
    const lease = lines.lease()
    try {
      const asking: Pick<House, 'ask'> = { ask: lease.ask }
      return await embedText({ ...house, ...asking }, semantic.model, text, of, signal)
    } finally {
      lease.release()
    }
  }
