import type { Identity } from '#identity/identity.ts'
import type { Store } from '#store/ports.ts'

/** A key that another gateway on the same database changed is looked up again at its next use. */
export function followKeys({ changes }: Pick<Store, 'changes'>, identity: Identity): void {
  changes.listen((topic) => {
    if (topic === null || topic === 'keys') identity.forget(null)
  })
}
