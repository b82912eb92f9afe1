import type { OwnPart } from '#models/stack/stack.ts'
import type { Config } from '#config/types.ts'

const OURS = 'Apache-2.0'

/** What Écluse itself is in the stack, and what it keeps things in. */
export function ownParts(config: Config, version: string): readonly OwnPart[] {
  const own = (layer: OwnPart['layer'], id: string, name: string, kind: string): OwnPart => ({
    layer,
    id,
    name,
    kind,
    version,
    licence: OURS,
  })
  const database: OwnPart =
    config.database === null
      ? {
          layer: 'data',
          id: 'store',
          name: 'SQLite',
          kind: 'store',
          version: process.versions['sqlite'] ?? null,
          licence: 'blessing',
        }
      : {
          layer: 'data',
          id: 'store',
          name: 'PostgreSQL',
          kind: 'store',
          version: null,
          licence: 'PostgreSQL',
        }
  return [
    database,
    own('data', 'ledger', 'Écluse ledger', 'store'),
    own('api', 'gateway', 'Écluse gateway', 'gateway'),
    own('tools', 'classifier', 'Écluse classifier', 'guard'),
    own('tools', 'masking', 'Écluse masking', 'guard'),
    own('tools', 'answer-scanner', 'Écluse answer scanner', 'guard'),
    own('experience', 'page', 'Écluse page', 'interface'),
  ]
}
