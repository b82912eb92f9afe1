import { useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import type { Decision } from '../../../api/decisions.ts'
import { useWords } from '../../../i18n/use-words.ts'
import { CATEGORY_WORDS, TYPE_WORDS } from '../../../i18n/words.ts'
import { CopyCommand } from './copy-command.tsx'
import styles from './decisions.module.css'

/** Everything the row had no room for, and the command that shows the record itself. */
export function DecisionDetails({ row }: { readonly row: Decision }) {
  const words = useWords()
  const { t } = useLingui()
  const findings = Object.entries(row.findings)
  const { outcome } = row
  return (
    <div className={styles.details}>
      <dl>
        <Fact name={t`Decision`}>
          <code>{row.id}</code>
        </Fact>
        <Fact name={t`Received`}>{words.moment(new Date(row.at))}</Fact>
        <Fact name={t`Asked for`}>{row.model}</Fact>
        {row.served ? <Fact name={t`Served by`}>{row.served}</Fact> : null}
        <Fact name={t`Surface`}>{row.surface}</Fact>
        {row.key ? <Fact name={t`Key`}>{row.key}</Fact> : null}
        {row.categories.length === 0 ? null : (
          <Fact name={t`Categories`}>
            {row.categories.map((category) => words.open(CATEGORY_WORDS, category)).join(', ')}
          </Fact>
        )}
        {findings.length === 0 ? null : (
          <Fact name={t`Findings`}>
            {findings
              .map(([type, count]) => `${words.open(TYPE_WORDS, type)} × ${words.number(count)}`)
              .join(', ')}
          </Fact>
        )}
        {row.refusal ? (
          <Fact name={t`Refusal`}>
            <code>{row.refusal}</code>
          </Fact>
        ) : null}
        {outcome?.code && outcome.code !== row.refusal ? (
          <Fact name={t`Code`}>
            <code>{outcome.code}</code>
          </Fact>
        ) : null}
        <Figure name={t`Tokens in`} value={outcome?.promptTokens} />
        <Figure name={t`Tokens out`} value={outcome?.completionTokens} />
        <Figure name={t`First words`} value={outcome?.firstByteMs} unit=" ms" />
        <Figure name={t`In all`} value={outcome?.totalMs} unit=" ms" />
      </dl>
      <CopyCommand command={`ecluse audit show ${row.id}`} />
    </div>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

interface FigureProps {
  readonly name: string
  readonly value: number | null | undefined
  readonly unit?: string
}

function Figure({ name, value, unit = '' }: FigureProps) {
  const words = useWords()
  if (value === null || value === undefined) return null
  return (
    <Fact name={name}>
      {words.number(value)}
      {unit}
    </Fact>
  )
}
