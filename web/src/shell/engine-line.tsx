import { Trans, useLingui } from '@lingui/react/macro'
import type { Engine } from '../api/status.ts'
import { useWords } from '../i18n/use-words.ts'
import { ENGINE_WORDS } from '../i18n/words.ts'
import styles from './header.module.css'

interface EngineLineProps {
  /** null before the first answer. */
  readonly engine: Engine | null
  readonly failing: boolean
}

/** Model, state and progress of the engine on board. */
export function EngineLine({ engine, failing }: EngineLineProps) {
  const words = useWords()
  const { i18n, t } = useLingui()
  if (engine === null) {
    return (
      <>
        <span className={styles.dot} data-state={failing ? 'failed' : 'absent'} />
        {failing ? <Trans>Gateway not answering</Trans> : <Trans>Asking the gateway…</Trans>}
      </>
    )
  }
  const { model, problem, progress, state } = engine
  return (
    <>
      <span className={styles.dot} data-state={failing ? 'failed' : state} />
      <span className={styles.engineText}>
        <span className={styles.engineName}>{model ?? t`Engine on board`}</span>
        <span className={styles.engineState}>
          {failing ? t`not answering` : i18n._(ENGINE_WORDS[state])}
          {state === 'failed' && problem ? ` · ${problem}` : null}
          {progress === null ? null : ` · ${progressText(progress, words.bytes)}`}
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
