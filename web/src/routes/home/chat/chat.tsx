import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '../../../components/button.tsx'
import { Panel } from '../../../components/panel.tsx'
import { useConversation } from '../../../conversation/conversation.tsx'
import { ChatLog } from './chat-log.tsx'
import { Composer } from './composer.tsx'
import { ModelSelect } from './model-select.tsx'
import styles from './chat.module.css'

/** The conversation with a model, and the field to write in. */
export function Chat() {
  const { turns, clear } = useConversation()
  const { t } = useLingui()
  return (
    <Panel
      id="chat"
      title={<Trans>Chat</Trans>}
      aside={
        <div className={styles.tools}>
          <ModelSelect />
          <Button
            tone="quiet"
            aria-label={t`New conversation`}
            disabled={turns.length === 0}
            onClick={clear}
          >
            <Trans comment="Short for: new conversation">New</Trans>
          </Button>
        </div>
      }
    >
      <ChatLog />
      <Composer />
    </Panel>
  )
}
