import { Trans, useLingui } from '@lingui/react/macro'
import { useId, useState } from 'react'
import type { FormEvent } from 'react'
import { failureOf } from '../api/failure.ts'
import { Button } from '../components/button.tsx'
import { FailureNote } from '../components/failure-note.tsx'
import { LockPicture } from '../components/lock-picture.tsx'
import styles from './sign-in.module.css'
import { startOf } from '../api/providers.ts'
import { useProviders, useSignIn } from './use-session.ts'

/** Signing in with an identity provider, or with a key: the key goes to the gateway once, and a cookie takes its place. */
export function SignIn() {
  const signIn = useSignIn()
  const { t } = useLingui()
  const [key, setKey] = useState('')
  const hint = useId()
  const field = useId()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const given = key.trim()
    if (given !== '') signIn.mutate(given, { onSuccess: () => setKey('') })
  }
  return (
    <main id="main" className={styles.page}>
      <div className={styles.card}>
        <LockPicture />
        <h1>
          <Trans>Sign in to this gateway</Trans>
        </h1>
        <p className={styles.lead}>
          <Trans>Every request is classified on this machine before it may leave it.</Trans>
        </p>
        <Providers />
        <form onSubmit={submit} data-testid="sign-in-form">
          <label htmlFor={field}>
            <Trans>Key</Trans>
          </label>
          <input
            id={field}
            type="password"
            name="key"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            autoComplete="current-password"
            autoCapitalize="off"
            spellCheck={false}
            placeholder={t`Paste your key`}
            aria-describedby={hint}
            aria-invalid={signIn.isError}
            required
            autoFocus
          />
          <p id={hint} className={styles.hint}>
            <Trans>
              The first start wrote the administrator key to <code>~/.ecluse/admin.key</code>. Show
              it with <code>cat ~/.ecluse/admin.key</code>.
            </Trans>
          </p>
          {signIn.isError ? <FailureNote failure={failureOf(signIn.error)} /> : null}
          <Button tone="main" type="submit" disabled={signIn.isPending}>
            {signIn.isPending ? <Trans>Signing in…</Trans> : <Trans>Sign in</Trans>}
          </Button>
        </form>
      </div>
    </main>
  )
}

/** One way out for each provider; nothing where there is none, or where it cannot be told. */
function Providers() {
  const providers = useProviders().data ?? []
  const place = window.location.pathname
  if (providers.length === 0) return null
  return (
    <div className={styles.providers} data-testid="sign-in-providers">
      {providers.map(({ id, name }) => (
        <a key={id} className={styles.provider} href={startOf({ id }, place)}>
          <Trans>Sign in with {name}</Trans>
        </a>
      ))}
      <p className={styles.or}>
        <Trans>or with a key</Trans>
      </p>
    </div>
  )
}
