import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import type { MessageDescriptor } from '@lingui/core'
import type { Failure } from '../api/failure.ts'
import { LOCAL_CODES } from '../api/failure.ts'
import type { LocalCode } from '../api/failure.ts'
import { firstSentence } from './first-sentence.ts'
import styles from './failure-note.module.css'
import { Prose } from './prose.tsx'

interface Wording {
  readonly message: MessageDescriptor
  readonly remedy: MessageDescriptor
}

const LOCAL: Readonly<Record<LocalCode, Wording>> = {
  unreachable: {
    message: msg`The gateway does not answer.`,
    remedy: msg`Check that it runs with \`ecluse doctor\`, then try again.`,
  },
  'unexpected-answer': {
    message: msg`The gateway answered something that this page does not understand.`,
    remedy: msg`Reload the page: it may be older than the gateway.`,
  },
  'stream-interrupted': {
    message: msg`The answer broke off before its end.`,
    remedy: msg`What you received is incomplete; ask again.`,
  },
}

/** What went wrong and what to do about it, read out when it appears. */
export function FailureNote({ failure }: { readonly failure: Failure }) {
  const { i18n } = useLingui()
  const local = LOCAL_CODES.find((code) => code === failure.code && failure.message === '')
  const told = local === undefined ? failure.message : i18n._(LOCAL[local].message)
  const remedy = local === undefined ? failure.remedy : i18n._(LOCAL[local].remedy)
  // A model surface has no field for the remedy: it follows in the same text.
  const [message, rest] = remedy === null ? firstSentence(told) : [told, '']
  return (
    <div className={styles.note} role="alert">
      <p className={styles.message}>
        <Prose text={message} />
      </p>
      {rest === '' ? null : (
        <p>
          <Prose text={rest} />
        </p>
      )}
      {remedy === null ? null : (
        <p className={styles.remedy}>
          <span className={styles.what}>
            <Trans>What to do</Trans>
          </span>{' '}
          <Prose text={remedy} />
        </p>
      )}
      <code className={styles.code}>{failure.code}</code>
    </div>
  )
}
