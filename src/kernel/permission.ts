/** Everything that a caller may be allowed to do; each route of the admin API asks for exactly one. */
export const PERMISSIONS = [
  // the data plane
  'inference',
  'classify',
  // what runs here
  'status.read',
  'metrics.read',
  'destinations.read',
  'destinations.write',
  'credentials.write',
  'config.write',
  // what is decided, and by what
  'decisions.read',
  'policy.read',
  'policy.write',
  'terms.read',
  'terms.write',
  'models.read',
  'models.write',
  'models.approve',
  // who may come in
  'organisations.read',
  'organisations.write',
  'teams.read',
  'teams.write',
  'people.read',
  'people.write',
  'applications.read',
  'applications.write',
  'keys.own',
  'keys.read',
  'keys.write',
  'sessions.read',
  'sessions.write',
  // how much
  'quotas.read',
  'quotas.write',
  'budgets.read',
  'budgets.write',
  'prices.read',
  'prices.write',
  'alerts.write',
  // the evidence
  'evidence.read',
  'evidence.verify',
  'evidence.export',
  'evidence.write',
  'evidence.erase',
  'content.read',
  // answers that wait for a person
  'answers.review',
  'cache.read',
  'cache.write',
  'database.write',
  'vulnerabilities.read',
  'datasets.read',
  'datasets.write',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/** What a key could be made for from the first day on. */
export const SCOPES = ['inference', 'classify', 'audit', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** What people, service accounts and keys can be, each a set of permissions. */
export const ROLES = [
  'owner',
  'policy-author',
  'security',
  'data-protection',
  'finance',
  'developer',
  'auditor',
  'read-only',
] as const
export type Role = (typeof ROLES)[number]

/** What a key carries: scopes, roles, or both. */
export const GRANTS = [...SCOPES, ...ROLES] as const
export type Grant = (typeof GRANTS)[number]
