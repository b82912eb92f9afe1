import { Trans, useLingui } from '@lingui/react/macro'
import { useId, useState } from 'react'
import { failureOf } from '../api/failure.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { DestinationList } from './destination-list.tsx'
import { EngineLine } from './engine-line.tsx'
import styles from './header.module.css'
import { useStatus } from './use-status.ts'

/** The engine on board in one line; the destinations behind it on demand, in the browser's own popover. */
export function EngineStatus() {
  const status = useStatus()
  const { t } = useLingui()
  const sheet = useId()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className={styles.engine}
        popoverTarget={sheet}
        aria-expanded={open}
        data-testid="engine-status"
      >
        <EngineLine engine={status.data?.engine ?? null} failing={status.isError} />
        <span aria-hidden="true" className={styles.caret} />
      </button>
      <div
        id={sheet}
        popover="auto"
        className={styles.sheet}
        role="region"
        aria-label={t`Destinations`}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open ? (
          <>
            <h2>
              <Trans>Destinations</Trans>
            </h2>
            <p className={styles.sheetLead}>
              <Trans>Where models run, and the highest class of data each may see.</Trans>
            </p>
            {status.isError ? <FailureNote failure={failureOf(status.error)} /> : null}
            <DestinationList destinations={status.data?.destinations ?? []} />
            {status.data === undefined ? null : (
              <p className={styles.sheetFoot}>
                <Trans>
                  Version {status.data.version} · policy {status.data.policyVersion}
                </Trans>
              </p>
            )}
          </>
        ) : null}
      </div>
    </>
  )
}
