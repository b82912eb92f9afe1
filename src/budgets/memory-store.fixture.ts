import type { BudgetStore, Versioned } from './ports.ts'

/** A store in memory with the promises of a real one; each operation takes a turn of the event loop. */
export function memoryStore(): BudgetStore & { readonly queued: string[] } {
  const accounts = new Map<string, Versioned & { end: number | null }>()
  const cursors = new Map<string, number>()
  const queued: string[] = []
  const nameOf = ({ tenant, budget, start }: Versioned['key']): string =>
    `${tenant} ${budget} ${start}`
  return {
    queued,
    definitions: async () => [],
    putDefinition: async () => {},
    removeDefinition: async () => false,
    definitionsStamp: async () => '',
    account: async (key) => accounts.get(nameOf(key)) ?? null,
    async swapAccount({ key, version, json, end }) {
      await Promise.resolve()
      const known = accounts.get(nameOf(key))?.version ?? 0
      if (known !== version) return false
      accounts.set(nameOf(key), { key, version: version + 1, json, end })
      return true
    },
    openAccounts: async (since) =>
      [...accounts.values()].filter(({ end }) => end === null || end > since),
    cursor: async (writer) => cursors.get(writer) ?? null,
    moveCursor: async (writer, seq) =>
      void cursors.set(writer, Math.max(cursors.get(writer) ?? 0, seq)),
    addAlert: async ({ id }) => {
      if (queued.includes(id)) return false
      queued.push(id)
      return true
    },
    claimAlert: async () => null,
    postponeAlert: async () => {},
    endAlert: async () => {},
    alerts: async () => [],
  }
}
