import type { Grant, Permission, Role } from '#kernel/permission.ts'
import { PERMISSIONS } from '#kernel/permission.ts'

/**
 * What each permission allows, in words, and whether it reaches beyond one organisation: policy, destinations and the
 * database are one for the whole house, so that only the organisation that runs it can hold those permissions.
 */
export const PERMISSION_WORDS: Readonly<
  Record<Permission, { readonly reach: 'organisation' | 'house'; readonly allows: string }>
> = {
  inference: { reach: 'organisation', allows: 'use models through every surface' },
  classify: { reach: 'organisation', allows: 'label texts and ask why they would go where' },
  'status.read': { reach: 'organisation', allows: 'see what runs here' },
  'metrics.read': { reach: 'house', allows: 'read the metrics' },
  'destinations.read': { reach: 'organisation', allows: 'list destinations with their clearances' },
  'destinations.write': { reach: 'house', allows: 'trust, enable and disable destinations' },
  'credentials.write': { reach: 'house', allows: 'set and remove credentials of destinations' },
  'config.write': { reach: 'house', allows: 'have the configuration read again' },
  'decisions.read': { reach: 'organisation', allows: 'list decisions and what came of them' },
  'policy.read': { reach: 'organisation', allows: 'read the policy in force' },
  'policy.write': { reach: 'house', allows: 'change the policy' },
  'terms.read': { reach: 'house', allows: "list the company's own terms, never their text" },
  'terms.write': { reach: 'house', allows: "change the company's own terms and documents" },
  'models.read': { reach: 'organisation', allows: 'list models with their admission' },
  'models.write': { reach: 'house', allows: 'bring, scan, verify and suspend models' },
  'models.approve': {
    reach: 'house',
    allows: 'approve and revoke models, and sign exceptions for them',
  },
  'organisations.read': { reach: 'house', allows: 'list organisations' },
  'organisations.write': { reach: 'house', allows: 'make, disable and enable organisations' },
  'teams.read': { reach: 'organisation', allows: 'list teams' },
  'teams.write': { reach: 'organisation', allows: 'make, change, disable and enable teams' },
  'people.read': { reach: 'organisation', allows: 'list people with their roles' },
  'people.write': {
    reach: 'organisation',
    allows: 'add, change, disable and enable people, and give roles they hold themselves',
  },
  'applications.read': {
    reach: 'organisation',
    allows: 'list applications and service accounts',
  },
  'applications.write': {
    reach: 'organisation',
    allows: 'make, change, disable and enable applications and service accounts',
  },
  'keys.own': { reach: 'organisation', allows: 'make, list, rotate and revoke their own keys' },
  'keys.read': { reach: 'organisation', allows: 'list all keys' },
  'keys.write': { reach: 'organisation', allows: 'make, change, rotate and revoke all keys' },
  'sessions.read': { reach: 'organisation', allows: 'list who is signed in' },
  'sessions.write': { reach: 'organisation', allows: 'end sessions of others' },
  'quotas.read': { reach: 'organisation', allows: 'read limits and how far they are used' },
  'quotas.write': { reach: 'organisation', allows: 'set limits' },
  'budgets.read': { reach: 'organisation', allows: 'read budgets and what was spent' },
  'budgets.write': { reach: 'organisation', allows: 'set budgets' },
  'prices.read': { reach: 'organisation', allows: 'read prices' },
  'prices.write': { reach: 'house', allows: 'set prices' },
  'alerts.write': { reach: 'organisation', allows: 'set where alerts go' },
  'evidence.read': { reach: 'organisation', allows: 'read the ledger, all types of events' },
  'evidence.verify': { reach: 'house', allows: 'verify the chains and checkpoints' },
  'evidence.export': { reach: 'organisation', allows: 'export the ledger' },
  'evidence.write': { reach: 'house', allows: 'make checkpoints, anchors and retention rules' },
  'evidence.erase': { reach: 'organisation', allows: 'erase what is kept about a person' },
  'content.read': { reach: 'organisation', allows: 'read content that a policy lets be stored' },
  'answers.review': {
    reach: 'organisation',
    allows: 'read, release, edit and refuse held answers',
  },
  'cache.read': { reach: 'house', allows: 'see how many answers are kept and used' },
  'cache.write': { reach: 'organisation', allows: 'remove kept answers' },
  'database.write': { reach: 'house', allows: 'back up, restore and move the database' },
  'vulnerabilities.read': {
    reach: 'house',
    allows: 'see which engines and components run, and what is known against them',
  },
  'datasets.read': { reach: 'house', allows: 'list registered data sets' },
  'datasets.write': { reach: 'house', allows: 'register, change and remove data sets' },
}

const AUDITOR: readonly Permission[] = [
  'status.read',
  'metrics.read',
  'destinations.read',
  'decisions.read',
  'policy.read',
  'terms.read',
  'models.read',
  'organisations.read',
  'teams.read',
  'people.read',
  'applications.read',
  'keys.read',
  'sessions.read',
  'quotas.read',
  'budgets.read',
  'prices.read',
  'evidence.read',
  'evidence.verify',
  'evidence.export',
  'cache.read',
  'vulnerabilities.read',
  'datasets.read',
]

const READ_ONLY: readonly Permission[] = [
  'status.read',
  'destinations.read',
  'policy.read',
  'models.read',
  'teams.read',
  'applications.read',
  'quotas.read',
  'budgets.read',
  'prices.read',
  'cache.read',
]

const ROLE_PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  owner: PERMISSIONS,
  'policy-author': [
    ...READ_ONLY,
    'inference',
    'classify',
    'destinations.write',
    'config.write',
    'decisions.read',
    'policy.write',
    'terms.read',
    'terms.write',
    'models.write',
    'vulnerabilities.read',
    'datasets.read',
    'datasets.write',
    'keys.own',
  ],
  security: [
    ...AUDITOR,
    // to be given on: nobody gives what they do not hold
    'inference',
    'classify',
    'destinations.write',
    'credentials.write',
    'teams.write',
    'people.write',
    'applications.write',
    'keys.own',
    'keys.write',
    'sessions.write',
    'alerts.write',
    'answers.review',
    'models.write',
    'models.approve',
    'datasets.write',
    'cache.write',
  ],
  'data-protection': [
    ...AUDITOR,
    'classify',
    'terms.write',
    'evidence.write',
    'evidence.erase',
    'content.read',
    'datasets.write',
    'answers.review',
    'cache.write',
    'keys.own',
  ],
  finance: [
    ...READ_ONLY,
    'quotas.write',
    'budgets.write',
    'prices.write',
    'alerts.write',
    'keys.own',
  ],
  developer: [...READ_ONLY, 'inference', 'classify', 'keys.own'],
  auditor: AUDITOR,
  'read-only': READ_ONLY,
}

const PERMISSIONS_OF: Readonly<Record<Grant, readonly Permission[]>> = {
  ...ROLE_PERMISSIONS,
  // the scopes of the first release, with what they have always opened
  inference: ['inference', 'status.read'],
  classify: ['classify'],
  audit: ['metrics.read', 'destinations.read', 'decisions.read', 'evidence.read'],
  admin: PERMISSIONS,
}

/** What an application without roles can be given: it asks models, and administers nothing. */
export const APPLICATION_PERMISSIONS: readonly Permission[] = [
  'inference',
  'classify',
  'status.read',
]

/** The organisation that runs the house; every other one is its guest. */
export const HOUSE_TENANT = 'default'

/** What grants allow in an organisation, in the order of PERMISSIONS, each once. */
export function permissionsOf(
  grants: readonly Grant[],
  tenant: string = HOUSE_TENANT,
): readonly Permission[] {
  const held = new Set(grants.flatMap((grant) => PERMISSIONS_OF[grant]))
  return PERMISSIONS.filter((one) => held.has(one) && reaches(one, tenant))
}

/** What both allow. */
export const inBoth = (
  some: readonly Permission[],
  others: readonly Permission[],
): readonly Permission[] => some.filter((one) => others.includes(one))

/** Whether one holds all that these grants allow: nobody gives more than they have. */
export const holdsAll = (
  permissions: readonly Permission[],
  grants: readonly Grant[],
  tenant: string,
): boolean => permissionsOf(grants, tenant).every((one) => permissions.includes(one))

const reaches = (permission: Permission, tenant: string): boolean =>
  tenant === HOUSE_TENANT || PERMISSION_WORDS[permission].reach === 'organisation'
