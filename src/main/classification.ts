import { randomBytes } from 'node:crypto'
import { type Classify, createClassifier } from '#classify/classify.ts'
import { ClassificationMemo } from '#classify/memo.ts'
import type { OwnTerms } from '#classify/own-terms/own-terms.ts'
import type { OwnTermsAdmin } from '#gateway/admin-ports.ts'
import { TENANT } from './core.ts'
import { homePaths } from './home-paths.ts'
import type { HouseParts } from './house.ts'
import type { LiveConfig } from './live-config.ts'
import { keepOwnTerms, readOwnTerms, type LiveOwnTerms } from './own-terms.ts'
import { pullOwnTerms, pushOwnTerms } from './shared-own-terms.ts'
import { ScanPool } from './scan-pool.ts'
import { failClosed, type TenantClassify } from './serving.ts'

export interface Classification {
  /** Large texts on threads, so that they delay nobody. */
  readonly classify: TenantClassify
  readonly ownTerms: OwnTermsAdmin
  /** The company's own terms as they are in force. */
  readonly own: LiveOwnTerms
  /** Calls back when the company's own terms in the data directory are others. */
  readonly onOwnTerms: (listener: () => void) => void
  /** Builds now what the first text would wait for. */
  readonly warm: () => void
  readonly close: () => Promise<void>
}

/** The classifier of the process that holds the data directory, with the company's own terms and the way to change them. */
export function openClassification(
  { core, log, inForce }: Pick<HouseParts, 'core' | 'log' | 'inForce'>,
  config: LiveConfig,
): Classification {
  const { identity, ledger, store } = core
  const path = homePaths(config.current.home).ownTerms
  const keys = identity.ownTermsKeys
  const live: LiveOwnTerms = { current: readOwnTerms(path, keys, log) }
  // what cannot be read leaves every text undetermined: that too is a version to decide by
  const tell = (own: OwnTerms | null, actor: string): void => {
    const version = own === null ? 'unreadable' : own.version || 'none'
    inForce?.ruling({ document: 'own-terms', version, actor })
  }
  tell(live.current, 'system')
  const memo = new ClassificationMemo({ key: identity.memoKey })
  let built: Classify | null = null
  const classifier = (): Classify => (built ??= createClassifier(undefined, memo, live))
  const scans = new ScanPool()
  const meaning = (): LiveConfig['current'] => config.current
  const listeners: (() => void)[] = []
  const ownTerms = keepOwnTerms({
    path,
    keys,
    live,
    randomBytes: (length) => randomBytes(length),
    log,
    async evidence(actor, action, subject) {
      const event = { type: 'admin', v: 1, actor, action, subject } as const
      const recorded = ledger.append(event, { tenant: TENANT })
      return recorded.ok ? recorded.value.durable : recorded
    },
    share: async (before, sealed) =>
      store.leases === null || pushOwnTerms(store.files, before, sealed),
    ruling: tell,
    changed: () => listeners.forEach((listener) => listener()),
  })
  store.changes.listen((topic) => {
    if (topic !== null && topic !== 'files') return
    pullOwnTerms(store.files, path).then(
      (isOther) => {
        if (!isOther) return
        const own = readOwnTerms(path, keys, log)
        tell(own, 'system')
        live.current = own
        for (const listener of listeners) listener()
      },
      () => log('error', { code: 'own-terms-unwritable', path }),
    )
  })
  return {
    classify: failClosed(
      (parts, options) => classifier()(parts, options),
      (job) => scans.run(job),
      meaning,
      log,
    ),
    ownTerms,
    own: live,
    warm: () => void classifier(),
    onOwnTerms: (listener) => void listeners.push(listener),
    close: () => scans.close(),
  }
}
