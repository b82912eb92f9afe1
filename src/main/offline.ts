import { createHmac, randomBytes as osRandomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tableOf } from '#classify/class-edits.ts'
import { createClassifier } from '#classify/classify.ts'
import { explainFinding } from '#classify/explain.ts'
import { createStreamClassifier, type StreamClassifier } from '#classify/stream.ts'
import type { Context } from '#cli/command.ts'
import { rootSecret } from '#identity/root-secret.ts'
import { createGate } from '#policy/gate.ts'
import { onlyPolicy, policyFor } from '#policy/in-force.ts'
import type { Config } from '#config/types.ts'
import { embeddedDestination } from './board-destination.ts'
import { TENANT } from './core.ts'
import { discovered } from './discovered.ts'
import { ratedOnce } from './engine-watching.ts'
import { homePaths } from './home-paths.ts'
import { openConfiguredStore } from './open-store.ts'
import { readOwnTerms, type LiveOwnTerms } from './own-terms.ts'
import { storedPolicies } from './policy-keeper.ts'
import { catalogueFrom, decidedStates, policyFrom } from './registry.ts'
import { ownTermsKeysOf } from './secret-files.ts'
import { storedDress } from './stored-dress.ts'

const EXPLAINING = osRandomBytes(32)

/** Label and verdict by configuration, discovery and what administrators decided; a running gateway is not needed. */
export async function offline(config: Config): ReturnType<Context['offline']> {
  const found = config.discover ? await discovered(config.destinations) : []
  const store = await openConfiguredStore(config, homePaths(config.home).database, {
    readOnly: true,
  })
  const states = store.ok ? await decidedStates(store.value.destinations, TENANT) : new Map()
  const stored = store.ok ? await storedPolicies(store.value.policies, config) : null
  const dress = await storedDress(config, store.ok ? store.value : null)
  if (store.ok) await store.value.close()
  const embedded = await embeddedDestination(config)
  const policies = stored ?? onlyPolicy(policyFrom(config))
  const destinations = [...config.destinations, ...found, ...(embedded ? [embedded] : [])]
  const catalogue = catalogueFrom({
    embedded: () => embedded,
    configured: config.destinations,
    discovered: found,
    vendorModels: new Map(),
    states,
    dress,
    rated: await ratedOnce(config, destinations, policies),
  })
  const classifier = createClassifier(undefined, null, offlineOwnTerms(config))
  return {
    classify: (parts) => classifier(parts, { floor: config.floor, table: tableOf(config.classes) }),
    explainFinding,
    masking: {
      table: () => tableOf(config.classes),
      // what is explained is never shown, nor sent: any key will do
      digest: () => (text) => createHmac('sha256', EXPLAINING).update(text).digest(),
    },
    gate: createGate(
      () => policies.policy,
      () => catalogue,
      undefined,
      (facts) => policyFor(policies, facts),
    ),
    health: () => ({}),
  }
}

/** Classifies one text piece by piece, by the configuration and the company's own terms. */
export const offlineStream = (config: Config): StreamClassifier =>
  createStreamClassifier({
    floor: config.floor,
    table: tableOf(config.classes),
    own: offlineOwnTerms(config),
    pace: 'at-rest',
  })

/** The company's own terms of a data directory that nobody may hold; one that has none gets no key for them. */
function offlineOwnTerms(config: Config): LiveOwnTerms | null {
  const { home, masterKey } = config
  const { ownTerms: path, masterKey: keyFile } = homePaths(home)
  if (!existsSync(path)) return null
  // asking for a root secret that is gone would make another one
  if (masterKey === null && !existsSync(keyFile)) return { current: null }
  const root = rootSecret({
    home,
    masterKey: masterKey?.reveal(),
    randomBytes: (length) => osRandomBytes(length),
  })
  return {
    current: root.ok ? readOwnTerms(path, ownTermsKeysOf(root.value, home), () => {}) : null,
  }
}
