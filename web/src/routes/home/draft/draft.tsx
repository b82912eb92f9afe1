import { Trans, useLingui } from '@lingui/react/macro'
import { ClassBadge } from '../../../components/class-badge.tsx'
import { Empty } from '../../../components/empty.tsx'
import { FailureNote } from '../../../components/failure-note.tsx'
import { Panel } from '../../../components/panel.tsx'
import { Prose } from '../../../components/prose.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { useWords } from '../../../i18n/use-words.ts'
import { CATEGORY_WORDS, DUTY_WORDS } from '../../../i18n/words.ts'
import { Canal } from './canal.tsx'
import styles from './draft.module.css'
import { Findings } from './findings.tsx'
import { useExplained } from './use-explained.ts'
import type { Explained } from './use-explained.ts'
import { Places } from './places.tsx'

/** The class, the findings and the verdict of what is being typed; nothing is sent to a model. */
export function Draft() {
  const { explained, failure, pending } = useExplained()
  const { t } = useLingui()
  return (
    <Panel
      id="draft"
      title={<Trans>As you type</Trans>}
      aside={
        <span className={styles.pending} data-pending={pending}>
          <Trans>reading…</Trans>
        </span>
      }
    >
      <div className={styles.body} tabIndex={0} role="group" aria-label={t`Verdict on your draft`}>
        {failure === null ? null : <FailureNote failure={failure} />}
        {explained === null ? (
          pending && failure === null ? (
            <Skeleton label={t`Classifying your draft`} lines={5} />
          ) : failure === null ? (
            <NothingTyped />
          ) : null
        ) : (
          <Verdict explained={explained} />
        )}
      </div>
    </Panel>
  )
}

const NothingTyped = () => (
  <Empty>
    <p>
      <Trans>
        Start typing: before anything is sent, you see here the class of your text, what was found
        in it, and which destinations may receive it.
      </Trans>
    </p>
    <p>
      <Trans>The reading happens on the gateway. No model sees your draft.</Trans>
    </p>
  </Empty>
)

function Verdict({ explained }: { readonly explained: Explained }) {
  const words = useWords()
  const { explanation } = explained
  const { label, chosen } = explanation
  return (
    <>
      <div className={styles.verdict} data-class={label.class} aria-live="polite">
        <ClassBadge
          class={label.class}
          undetermined={label.undetermined}
          size="large"
          data-testid="draft-class"
        />
        <p className={styles.where}>
          <span>
            {chosen === null ? (
              <Trans>No destination may see it</Trans>
            ) : (
              <Trans>
                Would go to <strong>{chosen.destination}</strong>
              </Trans>
            )}
          </span>
          <span className={styles.model}>
            {chosen === null ? null : `${chosen.model} · ${words.zone(chosen.zone)}`}
          </span>
        </p>
      </div>
      {label.categories.length === 0 ? null : (
        <ul className={styles.categories}>
          {label.categories.map((category) => (
            <li key={category}>{words.open(CATEGORY_WORDS, category)}</li>
          ))}
        </ul>
      )}
      <Canal explanation={explanation} />
      {explanation.explanation === '' ? null : (
        <p className={styles.explanation}>
          <Prose text={explanation.explanation} />
        </p>
      )}
      <Findings explained={explained} />
      <Places explanation={explanation} />
      {explanation.duties.map((duty) => {
        const kind = typeof duty === 'string' ? duty : duty.kind
        return (
          <p key={kind} className={styles.duty}>
            <Trans>On the way: {words.open(DUTY_WORDS, kind)}</Trans>
          </p>
        )
      })}
      <p className={styles.policy}>
        <Trans>
          Policy <code>{explanation.policyVersion}</code>
        </Trans>
      </p>
    </>
  )
}
