import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { Decision, OutcomeStatus } from '../../../api/decisions.ts'
import styles from './decisions.module.css'
import { isRefused } from './decision-pages.ts'

const WORDS: Readonly<Record<OutcomeStatus | 'open', MessageDescriptor>> = {
  answered: msg`answered`,
  refused: msg`refused`,
  failed: msg`failed`,
  cancelled: msg`stopped`,
  open: msg`under way`,
}

/** How the request ended, in a word. */
export function OutcomeCell({ row }: { readonly row: Decision }) {
  const { i18n } = useLingui()
  const status = isRefused(row) ? 'refused' : (row.outcome?.status ?? 'open')
  return (
    <span
      className={styles.outcome}
      data-outcome={status}
      title={row.refusal ?? row.outcome?.code ?? undefined}
    >
      {i18n._(WORDS[status])}
    </span>
  )
}
