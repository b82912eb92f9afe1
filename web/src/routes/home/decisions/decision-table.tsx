import { Trans, useLingui } from '@lingui/react/macro'
import { Fragment, useId, useState } from 'react'
import type { Decision } from '../../../api/decisions.ts'
import { ClassBadge } from '../../../components/class-badge.tsx'
import { useWords } from '../../../i18n/use-words.ts'
import { DecisionDetails } from './decision-details.tsx'
import { isRefused } from './decision-pages.ts'
import styles from './decisions.module.css'
import { OutcomeCell } from './outcome-cell.tsx'

/** One row a decision; a row opens to tell the rest. */
export function DecisionTable({ rows }: { readonly rows: readonly Decision[] }) {
  const { t } = useLingui()
  return (
    <table className={styles.table} data-testid="decisions-table" aria-label={t`Last decisions`}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Time</Trans>
          </th>
          <th scope="col">
            <Trans>Class</Trans>
          </th>
          <th scope="col" className={styles.place}>
            <Trans>Model and destination</Trans>
          </th>
          <th scope="col" className={styles.wide}>
            <Trans>Outcome</Trans>
          </th>
          <th scope="col" className={styles.figure}>
            <Trans>Tokens</Trans>
          </th>
          <th scope="col" className={styles.figure}>
            <abbr title={t`milliseconds`}>ms</abbr>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <DecisionRow key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  )
}

function DecisionRow({ row }: { readonly row: Decision }) {
  const words = useWords()
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  const details = useId()
  const at = new Date(row.at)
  const place = row.destination
    ? [row.destination, ...(row.zone ? [words.zone(row.zone)] : [])].join(' · ')
    : t`sent nowhere`
  return (
    <Fragment>
      <tr data-open={open} data-refused={isRefused(row)}>
        <td>
          <button
            type="button"
            className={styles.opener}
            aria-expanded={open}
            aria-controls={open ? details : undefined}
            aria-label={t`Details of the decision of ${words.time(at)}`}
            onClick={() => setOpen(!open)}
          >
            <time dateTime={at.toISOString()} title={words.moment(at)}>
              {words.time(at)}
            </time>
          </button>
        </td>
        <td>
          <ClassBadge class={row.class} undetermined={row.undetermined} />
          <span className={styles.underClass}>
            <OutcomeCell row={row} />
          </span>
        </td>
        <td className={styles.place}>
          <span className={styles.model} title={row.served ?? row.model}>
            {row.served ?? row.model}
          </span>
          <span className={styles.destination} title={place}>
            {place}
          </span>
        </td>
        <td className={styles.wide}>
          <OutcomeCell row={row} />
        </td>
        <td className={styles.figure}>{tokens(row, words.number)}</td>
        <td className={styles.figure}>{figure(row.outcome?.totalMs, words.number)}</td>
      </tr>
      {open ? (
        <tr className={styles.detailsRow} id={details}>
          <td colSpan={6}>
            <DecisionDetails row={row} />
          </td>
        </tr>
      ) : null}
    </Fragment>
  )
}

/** A figure that was not counted is a dash, which is not zero. */
const figure = (value: number | null | undefined, write: (value: number) => string): string =>
  value === null || value === undefined ? '–' : write(value)

function tokens(row: Decision, write: (value: number) => string): string {
  const prompt = row.outcome?.promptTokens ?? null
  const completion = row.outcome?.completionTokens ?? null
  if (prompt === null && completion === null) return '–'
  return write((prompt ?? 0) + (completion ?? 0))
}
