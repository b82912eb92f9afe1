import type { Refusal } from '#kernel/refusal.ts'
import type { ProviderProblem } from './provider-problem.ts'
import type { ProviderSettings } from './settings.ts'

const CODES = {
  denied: 'sign-in-denied',
  invalid: 'sign-in-invalid',
  unreachable: 'sign-in-unavailable',
  misconfigured: 'sign-in-misconfigured',
} as const

/** What somebody who wants to sign in is told of their provider. */
export const refusalOf = (problem: ProviderProblem, { id }: ProviderSettings): Refusal => ({
  code: CODES[problem],
  detail: { provider: id },
})
