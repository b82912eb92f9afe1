import { Trans } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import styles from './shell.module.css'

/** The page for an address that leads nowhere. */
export function NotFound() {
  return (
    <main className={styles.lost}>
      <h1>
        <Trans>There is no page here</Trans>
      </h1>
      <p>
        <Link to="/">
          <Trans>Back to the first page</Trans>
        </Link>
      </p>
    </main>
  )
}
