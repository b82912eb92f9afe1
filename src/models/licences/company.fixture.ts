import type { CompanyProfile } from './profile.ts'

/** A company in France that uses models for itself. */
export const FRENCH: CompanyProfile = {
  country: 'FR',
  monthlyUsers: 2000,
  monthlyRevenueUsd: 3e6,
  annualRevenueUsd: 4e7,
  use: 'internal',
  offersModels: false,
  distributes: false,
  trainsOnOutputs: false,
  publicBody: false,
}

/** A model that reads and writes text, and is nobody's descendant. */
export const TEXT_ONLY = { modalities: ['text'], isDerived: false }
