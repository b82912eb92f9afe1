import { Trans } from '@lingui/react/macro'
import { Button } from '../../../components/button.tsx'
import { Panel } from '../../../components/panel.tsx'
import { useConversation } from '../conversation.tsx'
import { ChatLog } from './chat-log.tsx'
import { Composer } from './composer.tsx'
import { ModelSelect } from './model-select.tsx'
import styles from './chat.module.css'

/** The conversation with a model, and the field to write in. */
export function Chat() {
  const { turns, clear } = useConversation()
  return (
    <Panel
      id="chat"
      title={<Trans>Chat</Trans>}
      aside={
        <div className={styles.tools}>
          <ModelSelect />
          <Button tone="quiet" disabled={turns.length === 0} onClick={clear}>
            <Trans>New conversation</Trans>
          </Button>
        </div>
      }
    >
      <ChatLog />
      <Composer />
    </Panel>
  )
}
