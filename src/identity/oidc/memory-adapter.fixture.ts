import type { Adapter, AdapterPayload } from 'oidc-provider'

/** What providers of one test keep, by kind and id; a rollover keeps it, as a real database would. */
export function memoryAdapter(): (kind: string) => Adapter {
  const kept = new Map<string, AdapterPayload>()
  return (kind) => {
    const place = (id: string): string => `${kind} ${id}`
    const find = (is: (one: AdapterPayload) => boolean) =>
      [...kept].find(([name, one]) => name.startsWith(`${kind} `) && is(one))?.[1]
    return {
      upsert: async (id, payload) => void kept.set(place(id), payload),
      find: async (id) => kept.get(place(id)),
      findByUid: async (uid) => find((one) => one.uid === uid),
      findByUserCode: async (code) => find((one) => one.userCode === code),
      destroy: async (id) => void kept.delete(place(id)),
      async consume(id) {
        const one = kept.get(place(id))
        if (one) kept.set(place(id), { ...one, consumed: Math.floor(Date.now() / 1000) })
      },
      async revokeByGrantId(grantId) {
        for (const [name, one] of kept) if (one.grantId === grantId) kept.delete(name)
      },
    }
  }
}
