import { useLingui } from '@lingui/react/macro'
import { Chat } from './chat/chat.tsx'
import { Decisions } from './decisions/decisions.tsx'
import { Draft } from './draft/draft.tsx'
import styles from './home.module.css'

/** The first page: ask, see what would be decided as you type, and what was decided. */
export function Home() {
  const { t } = useLingui()
  return (
    <>
      <title>{t`Écluse: ask a model`}</title>
      <main id="main" className={styles.home} tabIndex={-1}>
        <h1 className={styles.title}>{t`Ask a model`}</h1>
        <Chat />
        <Draft />
        <Decisions />
      </main>
    </>
  )
}
