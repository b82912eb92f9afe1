import type { QuotaSet } from './plan.ts'
import { QuotaIndex } from './quota-index.ts'
import { needsChoice, type Quota } from './quota.ts'

/** The quotas in force, from the configuration file and from administrators. A class because they change. */
export class LiveQuotas {
  readonly #ofCaller = new QuotaIndex()
  readonly #ofChoice = new QuotaIndex()
  readonly #byName = new Map<string, Quota>()
  #current: QuotaSet = { ofCaller: this.#ofCaller, ofChoice: this.#ofChoice }

  /** Another object after every change, so that what was looked up before is looked up again. */
  get current(): QuotaSet {
    return this.#current
  }

  get size(): number {
    return this.#byName.size
  }

  all(): readonly Quota[] {
    return [...this.#byName.values()]
  }

  get(tenant: string | null, id: string): Quota | null {
    return this.#byName.get(nameOf(tenant, id)) ?? null
  }

  put(quota: Quota): void {
    this.remove(quota.tenant, quota.id)
    this.#byName.set(nameOf(quota.tenant, quota.id), quota)
    this.#indexOf(quota).put(quota)
    this.#changed()
  }

  remove(tenant: string | null, id: string): void {
    const name = nameOf(tenant, id)
    const known = this.#byName.get(name)
    if (!known) return
    this.#byName.delete(name)
    this.#indexOf(known).remove(known)
    this.#changed()
  }

  /** These and no others, of those that this is true of. */
  replace(quotas: readonly Quota[], isOfThem: (quota: Quota) => boolean): void {
    const next = new Map(quotas.map((quota) => [nameOf(quota.tenant, quota.id), quota]))
    for (const [name, quota] of this.#byName) {
      if (isOfThem(quota) && !next.has(name)) this.remove(quota.tenant, quota.id)
    }
    for (const quota of quotas) this.put(quota)
  }

  #indexOf(quota: Quota): QuotaIndex {
    return needsChoice(quota) ? this.#ofChoice : this.#ofCaller
  }

  #changed(): void {
    this.#current = { ofCaller: this.#ofCaller, ofChoice: this.#ofChoice }
  }
}

const nameOf = (tenant: string | null, id: string): string => `${tenant ?? ''}\u0001${id}`

/** Those of the configuration file. */
export const isOfFile = (quota: Quota): boolean => quota.tenant === null
