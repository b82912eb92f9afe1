/** What a company says of itself, for licences. What is absent is not known, and never counts as harmless. */
export interface CompanyProfile {
  /** ISO 3166-1 alpha-2: principal place of business. */
  readonly country?: string
  /** Monthly active users of all its products and affiliates. */
  readonly monthlyUsers?: number
  /** Consolidated, US dollars: in the last month, and in the last twelve. */
  readonly monthlyRevenueUsd?: number
  readonly annualRevenueUsd?: number
  /** `internal`: staff alone; `external`: people outside use what the model does. */
  readonly use?: 'internal' | 'external'
  /** Whether it earns by the use; a company does unless it says otherwise. */
  readonly commercial?: boolean
  /** Whether it offers the model itself to others, as a service. */
  readonly offersModels?: boolean
  /** Whether it hands out weights, or software that holds them. */
  readonly distributes?: boolean
  /** Whether it trains other models on outputs. */
  readonly trainsOnOutputs?: boolean
  readonly publicBody?: boolean
}

/** Member states, ISO 3166-1 alpha-2. Source: europa.eu, country profiles; 27 since 1 February 2020. */
const EU = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(
  ' ',
)

/** Whether a country is one of those, `EU` standing for its members. */
export const isIn = (country: string, places: readonly string[]): boolean =>
  places.includes(country) || (places.includes('EU') && EU.includes(country))
