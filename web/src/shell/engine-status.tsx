import { Trans, useLingui } from '@lingui/react/macro'
import * as Popover from '@radix-ui/react-popover'
import { failureOf } from '../api/failure.ts'
import type { Engine, Status } from '../api/status.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { useWords } from '../i18n/use-words.ts'
import { ENGINE_WORDS } from '../i18n/words.ts'
import { DestinationList } from './destination-list.tsx'
import styles from './header.module.css'
import { useStatus } from './use-status.ts'

/** The engine on board in one line; the destinations behind it on demand. */
export function EngineStatus() {
  const status = useStatus()
  const { t } = useLingui()
  return (
    <Popover.Root>
      <Popover.Trigger className={styles.engine} data-testid="engine-status">
        {status.data === undefined ? (
          <span className={styles.dot} data-state={status.isError ? 'failed' : 'absent'} />
        ) : null}
        {status.data === undefined ? (
          status.isError ? (
            <Trans>Gateway not answering</Trans>
          ) : (
            <Trans>Asking the gateway…</Trans>
          )
        ) : (
          <EngineLine engine={status.data.engine} stale={status.isError} />
        )}
        <span aria-hidden="true" className={styles.caret} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.sheet}
          align="start"
          sideOffset={8}
          collisionPadding={12}
          aria-label={t`Destinations`}
        >
          {status.isError ? <FailureNote failure={failureOf(status.error)} /> : null}
          {status.data === undefined ? null : <Sheet status={status.data} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function EngineLine({ engine, stale }: { readonly engine: Engine; readonly stale: boolean }) {
  const words = useWords()
  const { i18n, t } = useLingui()
  const { model, progress, state } = engine
  return (
    <>
      <span className={styles.dot} data-state={stale ? 'failed' : state} />
      <span className={styles.engineText}>
        <span className={styles.engineName}>{model ?? t`Engine on board`}</span>
        <span className={styles.engineState}>
          {stale ? t`not answering` : i18n._(ENGINE_WORDS[state])}
          {progress === null ? null : ` ${progressText(progress, words.bytes)}`}
        </span>
      </span>
      {progress === null ? null : (
        <progress
          aria-label={t`Progress of the download`}
          value={progress.total === null ? undefined : progress.done}
          max={progress.total ?? 1}
        />
      )}
    </>
  )
}

const progressText = (
  { done, total }: { readonly done: number; readonly total: number | null },
  bytes: (count: number) => string,
): string => (total === null ? bytes(done) : `${bytes(done)} / ${bytes(total)}`)

function Sheet({ status }: { readonly status: Status }) {
  return (
    <>
      <h2>
        <Trans>Destinations</Trans>
      </h2>
      <p className={styles.sheetLead}>
        <Trans>Where models run, and the highest class of data each may see.</Trans>
      </p>
      <DestinationList destinations={status.destinations} />
      <p className={styles.sheetFoot}>
        <Trans>
          Version {status.version} · policy {status.policyVersion}
        </Trans>
      </p>
    </>
  )
}
