import { Trans, useLingui } from '@lingui/react/macro'
import { Outlet } from '@tanstack/react-router'
import { Suspense, lazy } from 'react'
import { failureOf } from '../api/failure.ts'
import { Button } from '../components/button.tsx'
import { FailureNote } from '../components/failure-note.tsx'
import { Skeleton } from '../components/skeleton.tsx'
import { ConversationProvider } from '../conversation/conversation.tsx'
import { Header } from './header.tsx'
import styles from './shell.module.css'
import { useSession } from './use-session.ts'

const SignIn = lazy(async () => ({ default: (await import('./sign-in.tsx')).SignIn }))

/** The frame of every page: the header, and the page itself once somebody is signed in. */
export function Shell() {
  const session = useSession()
  const { t } = useLingui()
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        <Trans>Skip to the content</Trans>
      </a>
      <Header session={session.data ?? null} />
      <Suspense fallback={<Waiting label={t`Loading the page`} />}>
        {session.isPending ? (
          <Waiting label={t`Looking for your session`} />
        ) : session.isError ? (
          <main id="main" className={styles.lost}>
            <FailureNote failure={failureOf(session.error)} />
            <Button onClick={() => void session.refetch()}>
              <Trans>Try again</Trans>
            </Button>
          </main>
        ) : session.data === null ? (
          <SignIn />
        ) : (
          <ConversationProvider>
            <Outlet />
          </ConversationProvider>
        )}
      </Suspense>
    </div>
  )
}

const Waiting = ({ label }: { readonly label: string }) => (
  <main id="main" className={styles.waiting}>
    <Skeleton label={label} lines={4} />
  </main>
)
