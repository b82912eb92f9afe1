import constants from './energy-constants.json' with { type: 'json' }
import type { Quantities } from './quantities.ts'
import { ceilOfProduct } from './whole.ts'

/** How a rate is known, most trusted first. */
export const ENERGY_METHODS = ['measured', 'constant', 'formula'] as const
export type EnergyMethod = (typeof ENERGY_METHODS)[number]

/** What one model at one destination draws. */
export interface EnergyRate {
  /** Whole nanowatt-hours per token. */
  readonly input: number
  readonly output: number
  readonly method: EnergyMethod
  readonly source: string
}

export interface EnergyRow {
  /** Id of a destination, or `*`. */
  readonly destination: string
  /** The name callers use, or `*`. */
  readonly model: string
  readonly rate: EnergyRate
}

/** Finds the rate of a model; null where nothing is known of it. */
export type EnergyOf = (destination: string, model: string) => EnergyRate | null

/** 1 Wh is 3600 J. */
const NANOWATT_HOURS_PER_JOULE = 1e9 / 3600

/** Joules as whole nanowatt-hours, rounded up. */
export const nanowattHours = (joules: number): number =>
  Math.ceil(joules * NANOWATT_HOURS_PER_JOULE)

/** Ids of the measured configurations that the program carries. */
export const ENERGY_CONSTANTS: readonly string[] = constants.rows.map(({ id }) => id)

/** The rate of a measured configuration; null when there is none of that id. */
export function constantRate(id: string): EnergyRate | null {
  const row = constants.rows.find((known) => known.id === id)
  if (!row) return null
  const source = `${constants.sources['ml-energy'].name}: ${id}`
  return { input: 0, output: nanowattHours(row.joules), method: 'constant', source }
}

/** Answers at the same time, as the formula takes it. */
const BATCH = 64
/** Memory of one GPU, GB. */
const GPU_MEMORY = 80
/** GPUs of one server, and what the server draws without them, W. */
const SERVER_GPUS = 8
const SERVER_WATTS = 1200

export interface Parameters {
  /** Billions. */
  readonly active: number
  readonly total: number
  /** Of the data centre, at least 1. */
  readonly pue: number
}

/**
 * The rate by size alone, for models that nobody measured: EcoLogits 0.9.3, energy of GPUs and their share of the
 * server per output token, batches of 64, 16-bit weights. Take it as +-50 %.
 */
export function formulaRate({ active, total, pue }: Parameters): EnergyRate {
  const seconds = 6.785e-4 * active + 3.119e-4 * BATCH + 1.947e-2
  const gpus = 2 ** Math.ceil(Math.log2(Math.max(1, (1.2 * total * 2) / GPU_MEMORY)))
  const gpuWh = 1.1665e-6 * Math.exp(-1.1206e-2 * BATCH) * active + 4.0529e-5
  const serverWh = ((seconds / 3600) * SERVER_WATTS * gpus) / SERVER_GPUS / BATCH
  const output = Math.ceil(pue * (serverWh + gpus * gpuWh) * 1e9)
  const { name } = constants.sources.ecologits
  return { input: 0, output, method: 'formula', source: `${name}: ${active} of ${total} billion` }
}

/** Rates that find by name, the most exact row first. */
export function energyBook(rows: readonly EnergyRow[]): EnergyOf {
  const byDestination = new Map<string, Map<string, EnergyRate>>()
  for (const { destination, model, rate } of rows) {
    const models = byDestination.get(destination) ?? new Map<string, EnergyRate>()
    byDestination.set(destination, models.set(model, rate))
  }
  if (rows.length === 0) return () => null
  return (destination, model) => {
    const [own, any] = [byDestination.get(destination), byDestination.get('*')]
    return own?.get(model) ?? own?.get('*') ?? any?.get(model) ?? any?.get('*') ?? null
  }
}

/** Whole microwatt-hours of one exchange, rounded up once. */
export function energyOf(rate: EnergyRate, { input, output }: Quantities): number {
  return ceilOfProduct(1, input * rate.input + output * rate.output, 1000)
}
