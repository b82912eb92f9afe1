import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useRef } from 'react'
import { Empty } from '../../../components/empty.tsx'
import { useConversation } from '../../../conversation/conversation.tsx'
import styles from './chat.module.css'
import { ChatTurn } from './chat-turn.tsx'

/** Closer than this to the end, in pixels, the log follows what arrives. */
const FOLLOW_PX = 80

/** The turns so far; it scrolls along with an answer unless the reader has scrolled away. */
export function ChatLog() {
  const { turns, busy } = useConversation()
  const { t } = useLingui()
  const log = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  useEffect(() => {
    const element = log.current
    if (element !== null && follows.current) element.scrollTop = element.scrollHeight
  }, [turns])
  return (
    <div
      ref={log}
      className={styles.log}
      role="log"
      aria-label={t`Conversation`}
      aria-busy={busy}
      tabIndex={0}
      data-testid="chat-log"
      onScroll={({ currentTarget: element }) => {
        const below = element.scrollHeight - element.scrollTop - element.clientHeight
        follows.current = below < FOLLOW_PX
      }}
    >
      {turns.length === 0 ? <NothingAsked /> : null}
      {turns.map((turn) => (
        <ChatTurn key={turn.id} turn={turn} />
      ))}
    </div>
  )
}

/** Offers a harmless question and a sensitive one: the difference is the point of the product. */
function NothingAsked() {
  const { propose } = useConversation()
  const { t } = useLingui()
  const examples = [
    t`Explain in two sentences how a canal lock works.`,
    t`Write to Mrs Durand, social security number ${EXAMPLE_NIR}, about her sick leave.`,
  ]
  return (
    <Empty>
      <p>
        <Trans>Ask something. Each answer says how it was classified and where it came from.</Trans>
      </p>
      <ul className={styles.examples} aria-label={t`Examples`}>
        {examples.map((example) => (
          <li key={example}>
            <button type="button" onClick={() => propose(example)}>
              {example}
            </button>
          </li>
        ))}
      </ul>
    </Empty>
  )
}

/** The specimen of the French national insurance, with a valid key; it is nobody's. */
const EXAMPLE_NIR = '2 69 05 49 588 157 80'
