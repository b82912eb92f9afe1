import { Trans } from '@lingui/react/macro'
import type { Receipt } from '../../../api/receipt.ts'
import { ClassBadge } from '../../../components/class-badge.tsx'
import { useWords } from '../../../i18n/use-words.ts'
import { useStatus } from '../../../shell/use-status.ts'
import styles from './chat.module.css'

/** Class, destination and decision of one answer, as its headers told them. */
export function ReceiptLine({ receipt }: { readonly receipt: Receipt }) {
  const words = useWords()
  const status = useStatus()
  const zone = status.data?.destinations.find(({ id }) => id === receipt.destination)?.zone
  return (
    <p className={styles.receipt}>
      {receipt.class === null ? null : (
        <ClassBadge class={receipt.class} undetermined={receipt.undetermined} />
      )}
      <span>
        {receipt.destination === null ? (
          <Trans>sent nowhere</Trans>
        ) : (
          <>
            <span aria-hidden="true">→ </span>
            <strong>{receipt.destination}</strong>
            {zone === undefined ? null : <> · {words.zone(zone)}</>}
          </>
        )}
      </span>
      {receipt.decision === null ? null : (
        <code title={`ecluse audit show ${receipt.decision}`}>{receipt.decision}</code>
      )}
    </p>
  )
}
