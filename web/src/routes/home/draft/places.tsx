import { Trans } from '@lingui/react/macro'
import type { Explanation } from '../../../api/explain.ts'
import { Prose } from '../../../components/prose.tsx'
import { useWords } from '../../../i18n/use-words.ts'
import { REFUSED_WORDS } from '../../../i18n/words.ts'
import styles from './draft.module.css'

/** The destinations that may see the text, in the order they would be tried, then the refused ones with the reason. */
export function Places({ explanation }: { readonly explanation: Explanation }) {
  const words = useWords()
  const { allowed, refused } = explanation
  return (
    <>
      {allowed.length === 0 ? null : (
        <section>
          <h3>
            <Trans>Allowed, in this order</Trans>
          </h3>
          <ol className={styles.places}>
            {allowed.map((place) => (
              <li key={`${place.destination} ${place.model}`} data-kind="allowed">
                <strong>{place.destination}</strong>
                <span className={styles.quiet}>
                  {place.model} · {words.zone(place.zone)}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
      {refused.length === 0 ? null : (
        <section>
          <h3>
            <Trans>Refused, and why</Trans>
          </h3>
          <ul className={styles.places}>
            {refused.map((place) => (
              <li key={`${place.destination} ${place.model}`} data-kind="refused">
                <strong>{place.destination}</strong>
                <span className={styles.quiet}>{place.model}</span>
                <p className={styles.why}>
                  {place.explanation === '' ? (
                    words.open(REFUSED_WORDS, place.code)
                  ) : (
                    <Prose text={place.explanation} />
                  )}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
