import { Trans } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import mark from '../assets/mark.svg'
import type { Session } from '../api/session.ts'
import { Button } from '../components/button.tsx'
import { EngineStatus } from './engine-status.tsx'
import styles from './header.module.css'
import { LanguageSwitch } from './language-switch.tsx'
import { useSignOut } from './use-session.ts'

/** The name of the house, the state of the engine, the language, and who is signed in. */
export function Header({ session }: { readonly session: Session | null }) {
  const signingOut = useSignOut()
  return (
    <header className={styles.header}>
      <Link to="/" className={styles.home}>
        <img src={mark} alt="" width="28" height="28" />
        <span>Écluse</span>
      </Link>
      <div className={styles.status}>{session === null ? null : <EngineStatus />}</div>
      <div className={styles.side}>
        <LanguageSwitch />
        {session === null ? null : (
          <>
            <span className={styles.who} title={session.scopes.join(', ')}>
              {session.name}
            </span>
            <Button
              tone="quiet"
              disabled={signingOut.isPending}
              onClick={() => signingOut.mutate()}
            >
              <Trans>Sign out</Trans>
            </Button>
          </>
        )}
      </div>
    </header>
  )
}
