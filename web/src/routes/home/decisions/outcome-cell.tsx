import { Trans } from '@lingui/react/macro'
import type { Decision } from '../../../api/decisions.ts'
import styles from './decisions.module.css'

/** How the request ended, in a word: answered, refused, failed, or still under way. */
export function OutcomeCell({ row }: { readonly row: Decision }) {
  const refusal = row.refusal ?? null
  if (refusal !== null) {
    return (
      <span className={styles.outcome} data-outcome="refused" title={refusal}>
        <Trans>refused</Trans>
      </span>
    )
  }
  const outcome = row.outcome ?? null
  if (outcome === null) {
    return (
      <span className={styles.outcome} data-outcome="open">
        <Trans>under way</Trans>
      </span>
    )
  }
  const failed = (outcome.code ?? null) !== null || (outcome.status ?? 200) >= 400
  return failed ? (
    <span className={styles.outcome} data-outcome="failed" title={outcome.code ?? undefined}>
      <Trans>failed</Trans>
    </span>
  ) : (
    <span className={styles.outcome} data-outcome="answered">
      <Trans>answered</Trans>
    </span>
  )
}
