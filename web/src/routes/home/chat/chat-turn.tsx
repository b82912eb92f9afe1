import { Trans } from '@lingui/react/macro'
import { Button } from '../../../components/button.tsx'
import { FailureNote } from '../../../components/failure-note.tsx'
import { useConversation } from '../../../conversation/conversation.tsx'
import { answerBlocks } from './answer-blocks.ts'
import styles from './chat.module.css'
import { ReceiptLine } from './receipt-line.tsx'
import { isOpen } from '../../../conversation/turns.ts'
import type { Turn } from '../../../conversation/turns.ts'

/** A question, its answer or its refusal, and the receipt of the decision. */
export function ChatTurn({ turn }: { readonly turn: Turn }) {
  return (
    <article className={styles.turn}>
      <p className={styles.question}>
        <span className={styles.speaker}>
          <Trans>You</Trans>
        </span>
        {turn.question}
      </p>
      <div className={styles.answer} data-state={turn.state} aria-busy={isOpen(turn)}>
        <span className={styles.speaker}>
          <Trans>Answer</Trans>
        </span>
        {answerBlocks(turn.answer).map((block, index) =>
          block.kind === 'code' ? (
            <pre key={index} tabIndex={0}>
              <code>{block.text}</code>
            </pre>
          ) : (
            <p key={index} dir="auto">
              {block.text}
            </p>
          ),
        )}
        <TurnState turn={turn} />
        {turn.receipt === null ? null : <ReceiptLine receipt={turn.receipt} />}
      </div>
    </article>
  )
}

function TurnState({ turn }: { readonly turn: Turn }) {
  const { draft, propose } = useConversation()
  if (turn.state === 'waiting') {
    return (
      <p className={styles.waiting} role="status">
        <Trans>Waiting for the first words…</Trans>
      </p>
    )
  }
  if (turn.state === 'stopped') {
    return (
      <p className={styles.aside}>
        <Trans>Stopped by you.</Trans>
      </p>
    )
  }
  if (turn.state === 'done' && turn.finish === 'length') {
    return (
      <p className={styles.aside}>
        <Trans>Cut at the length limit.</Trans>
      </p>
    )
  }
  if (turn.failure === null) return null
  return (
    <>
      <FailureNote failure={turn.failure} />
      <p className={styles.aside}>
        {turn.state === 'failed' ? <Trans>This question is left out of what follows.</Trans> : null}
        <Button disabled={draft !== ''} onClick={() => propose(turn.question)}>
          <Trans>Edit the question</Trans>
        </Button>
      </p>
    </>
  )
}
