import { z } from 'zod'
import { ROLES, SCOPES } from '#kernel/permission.ts'
import { TOKEN_ALGORITHMS } from '#kernel/token-algorithms.ts'
import { isLoopback } from './listen-address.ts'
import { Identifier, OneLine, formatted, matching } from './schema-formats.ts'

/** An issuer identifier (OpenID Connect Discovery 1.0, section 2): HTTPS, or this machine. */
export const Issuer = formatted('issuer-url', (text) => {
  if (!URL.canParse(text) || /[\s{}]/.test(text)) return false
  const url = new URL(text)
  const isPlain = url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  return (
    isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  )
})

const OwnUrl = formatted('own-url', (text) => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '')
})

const Role = z.enum(ROLES)
const Domain = matching('mail-domain', /^[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)+$/)
/** Values that a claim may have; one is enough. */
const Required = z
  .record(OneLine, z.array(OneLine).min(1))
  .default({})
  .describe('Claims that must have one of these values.')
const Network = z
  .enum(['public', 'private'])
  .optional()
  .describe('private: its addresses may lead into your own networks. An issuer on this machine is.')
const Skew = z.int().min(0).max(300).default(30).describe('How far clocks may differ.')

/** One row of `sign_in.providers`. */
export const ProviderRow = z.strictObject({
  id: Identifier.describe('Stands in the redirect URI: /api/sign-in/callback/ID.'),
  name: OneLine.optional().describe('What the button says; the id when absent.'),
  issuer: Issuer.describe('Exactly as the provider writes it, with or without a slash at the end.'),
  client_id: OneLine,
  client_secret: z
    .string()
    .optional()
    .describe('`${env:NAME}` or `${file:path}`; absent for a public client.'),
  scopes: z.array(OneLine).min(1).default(['openid', 'profile', 'email']),
  network: Network,
  groups_claim: OneLine.default('groups').describe('Name or dotted path of the claim with groups.'),
  roles: z.record(OneLine, Role).default({}).describe('Role of each group; several add up.'),
  teams: z.record(OneLine, Identifier).default({}).describe('Team of each group; the first fits.'),
  default_roles: z.array(Role).default([]).describe('Roles of everybody whom it lets in.'),
  email_domains: z.array(Domain).default([]).describe('Only verified addresses of these domains.'),
  trust_email: z
    .boolean()
    .default(false)
    .describe('Its addresses count although it does not say that they are verified.'),
  require: Required,
  people: z
    .enum(['create', 'invited'])
    .default('create')
    .describe('invited: only people whom an administrator has added by e-mail.'),
  session_hours: z.number().positive().max(12).default(12),
  refresh_minutes: z
    .number()
    .min(1)
    .max(1440)
    .default(15)
    .describe('How often groups are asked for again, where the provider gives refresh tokens.'),
  clock_skew_seconds: Skew,
})
export type ProviderRow = z.infer<typeof ProviderRow>

export const SignIn = z.strictObject({
  url: OwnUrl.optional().describe('Address that people open; the one in their browser if absent.'),
  providers: z.array(ProviderRow).default([]),
})

/** One row of `jwt`. */
export const TokenIssuerRow = z.strictObject({
  id: Identifier.describe('In the evidence.'),
  issuer: Issuer.describe('The claim `iss`, exactly.'),
  audience: OneLine.describe('Must be in the claim `aud`.'),
  jwks_url: Issuer.optional().describe('Where its keys are; by discovery when absent.'),
  jwks_file: OneLine.optional().describe('A file with its keys, relative to this file.'),
  network: Network,
  algorithms: z
    .array(z.enum(TOKEN_ALGORITHMS))
    .min(1)
    .default(['RS256', 'PS256', 'ES256', 'EdDSA']),
  type: OneLine.optional().describe('Media type that the header must name, such as `at+jwt`.'),
  max_age_seconds: z
    .int()
    .min(1)
    .max(2_592_000)
    .default(3600)
    .describe('Longest time since it was issued, whatever its own expiry says.'),
  clock_skew_seconds: Skew,
  require: Required,
  application: OneLine.optional().describe('Id of the application that all its tokens stand for.'),
  claims: z
    .strictObject({
      application: OneLine.optional().describe('Claim with the id of an application.'),
      person: OneLine.optional().describe('Claim with the subject of a person who has signed in.'),
      team: OneLine.optional().describe('Claim with the id of a team.'),
      roles: OneLine.optional().describe('Claim with values that `roles` names.'),
    })
    .prefault({}),
  roles: z.record(OneLine, z.enum([...SCOPES, ...ROLES])).default({}),
  default_roles: z
    .array(z.enum([...SCOPES, ...ROLES]))
    .default(['inference'])
    .describe('What every token may do; never more than its application or person may.'),
})
export type TokenIssuerRow = z.infer<typeof TokenIssuerRow>
