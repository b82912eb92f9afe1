/** What a word of the matrix stands for; written by hand, so that a slip in a role's permissions shows. */
const EVERYBODY = 'owner policy-author security data-protection finance developer auditor read-only'
const REVIEWERS = 'owner security data-protection auditor'
const DECISIONS = 'owner policy-author security data-protection auditor'
const WATCHERS = 'owner policy-author security data-protection auditor'
const KEEPERS = 'owner security'
const MONEY = 'owner finance'
const WORDS = 'owner policy-author data-protection'
const PEOPLE_WITH_KEYS = 'owner policy-author security data-protection finance developer'

/** By which one comes in and leaves: no permission, and what they answer depends on the cookie. */
export const OPEN_ROUTES: readonly string[] = [
  'POST /api/session',
  'GET /api/session',
  'DELETE /api/session',
  // how one comes in; each step is held by the one before (docs/sign-in.md), and so is the back-channel logout
  'GET /api/sign-in',
  'GET /api/sign-in/start/:provider',
  'GET /api/sign-in/callback/:provider',
  'POST /api/sign-in/token',
]

/** Who else than the roles gets in: scopes of keys, and owners of other organisations. */
interface Row {
  readonly roles: string
  readonly scopes?: string
  /** Reaches the whole house: never for another organisation, whatever its roles. */
  readonly house?: true
}

/** Every route of the admin API and who may use it. A new route needs its row here, or a test fails. */
export const MATRIX: Readonly<Record<string, Row>> = {
  'GET /api/status': { roles: EVERYBODY, scopes: 'inference' },
  'GET /api/roles': { roles: EVERYBODY, scopes: 'inference' },
  'POST /api/explain': {
    roles: 'owner policy-author security data-protection developer',
    scopes: 'classify',
  },
  'POST /api/mask': {
    roles: 'owner policy-author security data-protection developer',
    scopes: 'classify',
  },
  'GET /api/decisions': { roles: DECISIONS, scopes: 'audit' },
  'GET /api/decisions/live': { roles: DECISIONS, scopes: 'audit' },
  'GET /api/decisions/:id': { roles: DECISIONS, scopes: 'audit' },
  'GET /api/decisions/:id/proof': { roles: REVIEWERS, house: true },
  'GET /api/decisions/:id/content': { roles: 'owner data-protection' },
  'GET /api/rollups': { roles: DECISIONS, scopes: 'audit' },
  'GET /api/evidence/checkpoints': { roles: REVIEWERS, scopes: 'audit' },
  'GET /api/evidence/keys': { roles: REVIEWERS, scopes: 'audit' },
  'POST /api/evidence/rotate-key': { roles: 'owner data-protection', house: true },
  'POST /api/evidence/erase': { roles: 'owner data-protection' },
  'GET /api/reviews': { roles: 'owner security data-protection' },
  'GET /api/reviews/:id': { roles: 'owner security data-protection' },
  'POST /api/reviews/:id/approve': { roles: 'owner security data-protection' },
  'POST /api/reviews/:id/edit': { roles: 'owner security data-protection' },
  'POST /api/reviews/:id/refuse': { roles: 'owner security data-protection' },
  'GET /api/cache': { roles: EVERYBODY, house: true },
  'POST /api/cache/clear': { roles: 'owner security data-protection' },
  'GET /api/destinations': { roles: EVERYBODY, scopes: 'audit' },
  'PUT /api/destinations/:id': { roles: 'owner policy-author security', house: true },
  'GET /api/catalogue': { roles: EVERYBODY },
  'GET /api/catalogue/:name': { roles: EVERYBODY },
  'GET /api/models': { roles: EVERYBODY },
  'GET /api/models/key': { roles: EVERYBODY },
  'GET /api/models/:id': { roles: EVERYBODY },
  'GET /api/models/:id/signature': { roles: EVERYBODY },
  'POST /api/models': { roles: 'owner policy-author security', house: true },
  'POST /api/models/:id/scan': { roles: 'owner policy-author security', house: true },
  'POST /api/models/:id/admit': { roles: 'owner policy-author security', house: true },
  'POST /api/models/:id/suspend': { roles: 'owner policy-author security', house: true },
  'POST /api/models/:id/approve': { roles: KEEPERS, house: true },
  'POST /api/models/:id/revoke': { roles: KEEPERS, house: true },
  'POST /api/models/:id/exception': { roles: KEEPERS, house: true },
  'GET /api/quotas': { roles: EVERYBODY },
  'GET /api/quotas/:id': { roles: EVERYBODY },
  'PUT /api/quotas/:id': { roles: MONEY },
  'DELETE /api/quotas/:id': { roles: MONEY },
  'POST /api/quotas/import': { roles: MONEY },
  'GET /api/budgets': { roles: EVERYBODY },
  'GET /api/budgets/:id': { roles: EVERYBODY },
  'PUT /api/budgets/:id': { roles: 'owner finance' },
  'DELETE /api/budgets/:id': { roles: 'owner finance' },
  'GET /api/prices': { roles: EVERYBODY },
  'GET /api/alerts': { roles: EVERYBODY },
  'GET /api/policy': { roles: EVERYBODY },
  'GET /api/policy/versions': { roles: EVERYBODY },
  'GET /api/policy/versions/:number': { roles: EVERYBODY },
  'GET /api/policy/shadow': { roles: EVERYBODY },
  'POST /api/policy/versions': { roles: 'owner policy-author', house: true },
  'POST /api/policy/rollback': { roles: 'owner policy-author', house: true },
  'POST /api/policy/share': { roles: 'owner policy-author', house: true },
  'POST /api/policy/shadow': { roles: 'owner policy-author', house: true },
  'POST /api/policy/shadow/off': { roles: 'owner policy-author', house: true },
  'POST /api/reload': { roles: 'owner policy-author', house: true },
  'GET /api/terms': { roles: DECISIONS, house: true },
  'PUT /api/terms/lists/:id': { roles: WORDS, house: true },
  'POST /api/terms/lists/:id/terms': { roles: WORDS, house: true },
  'POST /api/terms/lists/:id/remove': { roles: WORDS, house: true },
  'DELETE /api/terms/lists/:id': { roles: WORDS, house: true },
  'PUT /api/terms/patterns/:id': { roles: WORDS, house: true },
  'DELETE /api/terms/patterns/:id': { roles: WORDS, house: true },
  'PUT /api/documents/:id': { roles: WORDS, house: true },
  'DELETE /api/documents/:id': { roles: WORDS, house: true },
  'GET /api/keys': { roles: REVIEWERS },
  'GET /api/keys/:id': { roles: REVIEWERS },
  'POST /api/keys': { roles: KEEPERS },
  'PUT /api/keys/:id': { roles: KEEPERS },
  'POST /api/keys/:id/rotate': { roles: KEEPERS },
  'DELETE /api/keys/:id': { roles: KEEPERS },
  'GET /api/own/keys': { roles: PEOPLE_WITH_KEYS },
  'POST /api/own/keys': { roles: PEOPLE_WITH_KEYS },
  'POST /api/own/keys/:id/rotate': { roles: PEOPLE_WITH_KEYS },
  'DELETE /api/own/keys/:id': { roles: PEOPLE_WITH_KEYS },
  'GET /api/organisations': { roles: REVIEWERS, house: true },
  'POST /api/organisations': { roles: 'owner', house: true },
  'POST /api/organisations/:id/disable': { roles: 'owner', house: true },
  'POST /api/organisations/:id/enable': { roles: 'owner', house: true },
  'GET /api/teams': { roles: EVERYBODY },
  'POST /api/teams': { roles: KEEPERS },
  'PUT /api/teams/:id': { roles: KEEPERS },
  'POST /api/teams/:id/disable': { roles: KEEPERS },
  'POST /api/teams/:id/enable': { roles: KEEPERS },
  'GET /api/people': { roles: REVIEWERS },
  'GET /api/people/:id': { roles: REVIEWERS },
  'POST /api/people': { roles: KEEPERS },
  'PUT /api/people/:id': { roles: KEEPERS },
  'POST /api/people/:id/disable': { roles: KEEPERS },
  'POST /api/people/:id/enable': { roles: KEEPERS },
  'GET /api/applications': { roles: EVERYBODY },
  'POST /api/applications': { roles: KEEPERS },
  'PUT /api/applications/:id': { roles: KEEPERS },
  'POST /api/applications/:id/disable': { roles: KEEPERS },
  'POST /api/applications/:id/enable': { roles: KEEPERS },
  'GET /api/sessions': { roles: REVIEWERS },
  'DELETE /api/sessions/:id': { roles: KEEPERS },
  'GET /api/vulnerabilities': { roles: WATCHERS, house: true },
  'GET /api/stack': { roles: WATCHERS, house: true },
  'GET /api/credentials': { roles: 'owner security', house: true },
  'PUT /api/credentials/:id': { roles: 'owner security', house: true },
  'DELETE /api/credentials/:id': { roles: 'owner security', house: true },
}
