import { z } from 'zod'
import type { CompanyProfile } from '#models/licences/profile.ts'

const Count = z.number().min(0).max(1e15)

/** What the company says of itself, for the licences of models. */
export const Company = z.strictObject({
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .describe('Principal place of business, ISO 3166-1.'),
  monthly_users: Count.optional().describe(
    'Monthly active users of all products, affiliates included.',
  ),
  monthly_revenue_usd: Count.optional().describe('Consolidated, the last month.'),
  annual_revenue_usd: Count.optional().describe('Consolidated, the last twelve months.'),
  use: z
    .enum(['internal', 'external'])
    .optional()
    .describe('internal: staff alone see what models do.'),
  commercial: z.boolean().optional().describe('Whether it earns by the use; true when absent.'),
  offers_models: z.boolean().optional().describe('Offers models to others as a service.'),
  distributes: z.boolean().optional().describe('Hands out weights, or software that holds them.'),
  trains_on_outputs: z.boolean().optional().describe('Trains other models on outputs.'),
  public_body: z.boolean().optional(),
})

/** The section in the names of the rest of the house; what is absent stays unknown. */
export function companyOf(row: z.infer<typeof Company> | undefined): CompanyProfile {
  const {
    country,
    monthly_users: monthlyUsers,
    monthly_revenue_usd: monthlyRevenueUsd,
    annual_revenue_usd: annualRevenueUsd,
    use,
    commercial,
    offers_models: offersModels,
    distributes,
    trains_on_outputs: trainsOnOutputs,
    public_body: publicBody,
  } = row ?? {}
  return {
    ...(country === undefined ? {} : { country }),
    ...(monthlyUsers === undefined ? {} : { monthlyUsers }),
    ...(monthlyRevenueUsd === undefined ? {} : { monthlyRevenueUsd }),
    ...(annualRevenueUsd === undefined ? {} : { annualRevenueUsd }),
    ...(use === undefined ? {} : { use }),
    ...(commercial === undefined ? {} : { commercial }),
    ...(offersModels === undefined ? {} : { offersModels }),
    ...(distributes === undefined ? {} : { distributes }),
    ...(trainsOnOutputs === undefined ? {} : { trainsOnOutputs }),
    ...(publicBody === undefined ? {} : { publicBody }),
  }
}
