import type { Grant } from '#kernel/permission.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { hasRequired, listClaim, textClaim, type Claims } from '../claims.ts'
import { mapsRoles, type ProviderSettings } from './settings.ts'

/** Why somebody whom the provider vouches for is not let in. */
export type AdmissionProblem =
  | 'email-missing'
  | 'email-unverified'
  | 'email-domain'
  | 'required-claim'
  | 'groups-not-sent'

/** What a provider's words come to here. */
export interface Admitted {
  readonly name: string
  /** Lower case; null when there is none that counts. */
  readonly email: string | null
  /** Null: an administrator gives them. An empty list: the provider gives none. */
  readonly roles: readonly Grant[] | null
  /** Null when no group names one. */
  readonly team: string | null
}

/** Reads the claims of somebody against what the configuration asks for. */
export function admit(
  claims: Claims,
  settings: ProviderSettings,
): Result<Admitted, AdmissionProblem> {
  if (!hasRequired(claims, settings.require)) return err('required-claim')
  const email = emailOf(claims, settings)
  const domain = domainProblem(claims, email, settings)
  if (domain) return err(domain)
  const groups = listClaim(claims, settings.groupsClaim)
  const needsGroups = settings.roles.size > 0 || settings.teams.size > 0
  // the provider has groups and did not send them: taking that for none would take rights away
  if (needsGroups && groups === null && isOverage(claims, settings)) return err('groups-not-sent')
  return ok({
    name: nameOf(claims, email),
    email,
    roles: mapsRoles(settings) ? rolesOf(groups ?? [], settings) : null,
    team: teamOf(groups ?? [], settings),
  })
}

/** In the order of the configuration, each once. */
function rolesOf(
  groups: readonly string[],
  { roles, defaultRoles }: ProviderSettings,
): readonly Grant[] {
  const held = new Set(groups)
  const mapped = [...roles].filter(([group]) => held.has(group)).map(([, role]) => role)
  return [...new Set([...mapped, ...defaultRoles])]
}

function teamOf(groups: readonly string[], { teams }: ProviderSettings): string | null {
  const held = new Set(groups)
  return [...teams].find(([group]) => held.has(group))?.[1] ?? null
}

/** An address that the provider vouches for, or whose word is taken by configuration. */
function emailOf(claims: Claims, { trustEmail }: ProviderSettings): string | null {
  const email = textClaim(claims, 'email')?.toLowerCase() ?? null
  if (email === null || !EMAIL.test(email)) return null
  return trustEmail || isVerified(claims) ? email : null
}

/** One `@`, a domain behind it, nothing that could be shown as something else. */
const EMAIL = /^[^\s@\p{C}]{1,64}@[a-z0-9.-]{1,253}$/u

const isVerified = (claims: Claims): boolean => {
  const verified = claims['email_verified']
  // some providers write it as a text
  return verified === true || verified === 'true'
}

function domainProblem(
  claims: Claims,
  email: string | null,
  { emailDomains }: ProviderSettings,
): AdmissionProblem | null {
  if (emailDomains.length === 0) return null
  if (email === null) {
    return textClaim(claims, 'email') === null ? 'email-missing' : 'email-unverified'
  }
  return emailDomains.includes(email.slice(email.lastIndexOf('@') + 1)) ? null : 'email-domain'
}

/**
 * Microsoft Entra ID leaves the groups of somebody with more than 200 of them out of the token, and points to another
 * place (`_claim_names`, or `hasgroups`).
 */
function isOverage(claims: Claims, { groupsClaim }: ProviderSettings): boolean {
  const elsewhere = claims['_claim_names']
  const isElsewhere =
    typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, groupsClaim)
  return isElsewhere || claims['hasgroups'] === true || claims['hasgroups'] === 'true'
}

/** What is shown of somebody: their own name where it can be shown. */
function nameOf(claims: Claims, email: string | null): string {
  const given = ['name', 'preferred_username', 'sub'].map((claim) => textClaim(claims, claim))
  const [name = '?'] = [given[0], given[1], email, given[2]].flatMap((one) => {
    const clean = one?.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim() ?? ''
    return clean === '' ? [] : [clean]
  })
  return name.slice(0, MAX_NAME).replace(HALF_A_CHARACTER, '')
}

/** The first half of a character that was cut in two. */
const HALF_A_CHARACTER = /[\ud800-\udbff]$/
/** UTF-16 units, as names of keys have. */
const MAX_NAME = 100
