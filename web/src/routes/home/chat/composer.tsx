import { Trans, useLingui } from '@lingui/react/macro'
import { useId } from 'react'
import type { KeyboardEvent } from 'react'
import { Button } from '../../../components/button.tsx'
import { ClassBadge } from '../../../components/class-badge.tsx'
import { useConversation } from '../../../conversation/conversation.tsx'
import { carriedOver, inDraft, runs } from '../draft/marks.ts'
import { useExplained } from '../draft/use-explained.ts'
import styles from './composer.module.css'

/** The field of the next question; what was found in it is underlined while it is written. */
export function Composer() {
  const { draft, field, setDraft, send, stop, busy } = useConversation()
  const { t } = useLingui()
  const hint = useId()
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter that ends the composition of a character is not yet a wish to send.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className={styles.field}>
        <Marked draft={draft} />
        <textarea
          ref={field}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          rows={2}
          dir="auto"
          aria-label={t`Your message`}
          aria-describedby={hint}
          placeholder={t`Write your message`}
          // Where there is no screen keyboard to pop up.
          autoFocus={matchMedia('(hover: hover)').matches}
        />
      </div>
      <div className={styles.foot}>
        <p id={hint} className={styles.hint}>
          <Trans>
            <kbd>Enter</kbd> sends, <kbd>Shift</kbd> + <kbd>Enter</kbd> starts a new line
          </Trans>
        </p>
        <DraftLink />
        {busy ? (
          <Button tone="plain" onClick={stop}>
            <Trans>Stop</Trans>
          </Button>
        ) : (
          <Button tone="main" type="submit" disabled={draft.trim() === ''}>
            <Trans>Send</Trans>
          </Button>
        )}
      </div>
    </form>
  )
}

/** The draft again, beneath the field, with its findings marked. */
function Marked({ draft }: { readonly draft: string }) {
  const { explained } = useExplained()
  const ranges =
    explained === null
      ? []
      : carriedOver(
          inDraft(explained.explanation.label.findings, explained.draftStart),
          explained.draft,
          draft,
        )
  return (
    <div className={styles.marked} aria-hidden="true">
      {runs(draft, ranges).map((run, index) =>
        run.marked ? <mark key={index}>{run.text}</mark> : <span key={index}>{run.text}</span>,
      )}
      {/* A last empty line has no height of its own. */}
      {'\u200B'}
    </div>
  )
}

/** On narrow screens the verdict is further down: its class stays in sight, and leads there. */
function DraftLink() {
  const { explained } = useExplained()
  if (explained === null) return null
  return (
    <a href="#draft" className={styles.draftLink}>
      <ClassBadge
        class={explained.explanation.label.class}
        undetermined={explained.explanation.label.undetermined}
      />
    </a>
  )
}
