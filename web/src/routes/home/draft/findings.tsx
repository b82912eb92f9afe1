import { Plural, Trans } from '@lingui/react/macro'
import type { Finding } from '../../../api/explain.ts'
import { Prose } from '../../../components/prose.tsx'
import { useWords } from '../../../i18n/use-words.ts'
import { TYPE_WORDS } from '../../../i18n/words.ts'
import styles from './draft.module.css'
import type { Explained } from './use-explained.ts'

/** What was found, in the words of the draft; earlier turns are counted, not quoted. */
export function Findings({ explained }: { readonly explained: Explained }) {
  const { draftStart, explanation } = explained
  const { findings } = explanation.label
  const here = findings.filter(({ end }) => end > draftStart)
  const earlier = findings.length - here.length
  return (
    <section>
      <h3>
        <Trans>Findings</Trans>
      </h3>
      {findings.length === 0 ? (
        <p className={styles.quiet}>
          <Trans>Nothing sensitive was found.</Trans>
        </p>
      ) : null}
      <ul className={styles.findings}>
        {here.map((finding) => (
          <FindingItem
            key={`${finding.rule} ${finding.start} ${finding.end}`}
            finding={finding}
            explained={explained}
          />
        ))}
      </ul>
      {earlier === 0 ? null : (
        <p className={styles.quiet}>
          <Plural
            value={earlier}
            one="And # in the conversation so far: it counts too."
            other="And # in the conversation so far: they count too."
          />
        </p>
      )}
    </section>
  )
}

interface FindingItemProps {
  readonly finding: Finding
  readonly explained: Explained
}

function FindingItem({ finding, explained: { draft, draftStart } }: FindingItemProps) {
  const words = useWords()
  const found = draft.slice(Math.max(0, finding.start - draftStart), finding.end - draftStart)
  return (
    <li>
      <p className={styles.type}>
        {words.open(TYPE_WORDS, finding.type)} <code>{finding.rule}</code>
      </p>
      <p className={styles.found}>
        <mark>{found}</mark>
      </p>
      <p className={styles.quiet}>
        <Prose text={finding.explanation} />
      </p>
    </li>
  )
}
