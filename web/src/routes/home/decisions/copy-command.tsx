import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import styles from './decisions.module.css'

/** A command to run in a terminal, with a button that copies it. */
export function CopyCommand({ command }: { readonly command: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(command)
      setCopied(true)
    } catch {
      // Without the permission the text is still there to be selected.
      setCopied(false)
    }
  }
  return (
    <p className={styles.command}>
      <code>{command}</code>
      {'clipboard' in navigator ? (
        <Button tone="quiet" onClick={() => void copy()}>
          {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
        </Button>
      ) : null}
    </p>
  )
}
