import type { Quota, Subject } from './quota.ts'

/** A quota with what the test cares about. */
export const quotaFor = (over: Partial<Quota> = {}): Quota => ({
  id: 'q',
  tenant: null,
  per: [],
  match: {},
  windowMs: 60_000,
  limits: { requests: 1 },
  action: 'refuse',
  queueLength: 10,
  maxWaitMs: 60_000,
  priority: null,
  ...over,
})

export const subjectFor = (over: Partial<Subject> = {}): Subject => ({
  organisation: 'default',
  team: null,
  person: null,
  application: null,
  key: 'k',
  keyName: null,
  model: null,
  destination: null,
  ...over,
})
