import { join } from 'node:path'

/** Paths inside the data directory. */
export const homePaths = (home: string) => ({
  database: join(home, 'ecluse.db'),
  run: join(home, 'run'),
  adminSocket: join(home, 'run', 'admin.sock'),
  engineSocket: join(home, 'run', 'engine.sock'),
  /** Where workers hand over what is not the data plane. */
  frontSocket: join(home, 'run', 'front.sock'),
  /** Records that a server could not take yet. */
  spool: join(home, 'spool', 'ledger.log'),
  models: join(home, 'models'),
  /** What was imported about flaws of engines, and what somebody says of them. */
  vulnerabilities: join(home, 'vulnerabilities'),
  /** Rows of indexes of openness that were imported. */
  opennessIndex: join(home, 'openness-index.json'),
  /** The company's own terms, patterns and documents, sealed. */
  ownTerms: join(home, 'own-terms.bin'),
  adminKey: join(home, 'admin.key'),
  masterKey: join(home, 'master.key'),
})
