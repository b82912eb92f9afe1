import { err, ok, type Result } from '#kernel/result.ts'
import type { Refusal } from '#kernel/refusal.ts'
import type { PolicyAction, PolicyState, ShareKind } from './ports.ts'

/** Nothing is stored: the file's policy is in force. */
export const FILE_POLICY: PolicyState = {
  inForce: null,
  staged: null,
  share: 0,
  shareBy: 'key',
  shadow: null,
}

/** What an author asks for. */
export type PolicyOrder =
  /** In force for everyone at once; what was staged is dropped. */
  | { readonly kind: 'put' }
  /** In force for a share, the rest stays as it is. */
  | { readonly kind: 'stage'; readonly share: number; readonly by: ShareKind }
  /** Another share for what is staged; 100: for everyone. */
  | { readonly kind: 'share'; readonly share: number }
  /** The text of an older version, in force for everyone again. */
  | { readonly kind: 'rollback' }
  /** The file's again; the versions stay in the history. */
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'shadow' }
  | { readonly kind: 'shadow-off' }

/** Whether an order brings a text of its own. */
export const hasDocument = ({ kind }: PolicyOrder): boolean =>
  kind === 'put' || kind === 'stage' || kind === 'rollback' || kind === 'shadow'

/** The state after an order that gets this number; refused where there is nothing for it to change. */
export function nextState(
  state: PolicyState,
  order: PolicyOrder,
  number: number,
): Result<{ readonly action: PolicyAction; readonly state: PolicyState }, Refusal> {
  const unstaged = { staged: null, share: 0 } as const
  const to = (changed: Partial<PolicyState>) =>
    ok({ action: order.kind, state: { ...state, ...changed } })
  switch (order.kind) {
    case 'put':
    case 'rollback':
      return to({ inForce: number, ...unstaged })
    case 'stage':
      return to({ staged: number, share: order.share, shareBy: order.by })
    case 'share':
      if (state.staged === null) return err({ code: 'not-found', param: 'staged' })
      if (order.share === 0) return to(unstaged)
      return order.share === 100
        ? to({ inForce: state.staged, ...unstaged })
        : to({ share: order.share })
    case 'withdraw':
      return state.inForce === null && state.staged === null
        ? err({ code: 'not-found', param: 'version' })
        : to({ inForce: null, ...unstaged })
    case 'shadow':
      return to({ shadow: number })
    case 'shadow-off':
      return state.shadow === null
        ? err({ code: 'not-found', param: 'shadow' })
        : to({ shadow: null })
  }
}
