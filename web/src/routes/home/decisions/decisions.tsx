import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import type { DecisionFilter } from '../../../api/decisions.ts'
import { failureOf } from '../../../api/failure.ts'
import { Button } from '../../../components/button.tsx'
import { Empty } from '../../../components/empty.tsx'
import { FailureNote } from '../../../components/failure-note.tsx'
import { Panel } from '../../../components/panel.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { DecisionFilters } from './decision-filters.tsx'
import { DecisionTable } from './decision-table.tsx'
import styles from './decisions.module.css'
import { useDecisions, useLiveDecisions } from './use-decisions.ts'

const EVERYTHING: DecisionFilter = { class: null, destination: null, refused: false }

const isNarrowed = (filter: DecisionFilter): boolean =>
  filter.class !== null || filter.destination !== null || filter.refused

/** The last decisions of the gateway, live; without content, as the ledger keeps them. */
export function Decisions() {
  const [filter, setFilter] = useState(EVERYTHING)
  const list = useDecisions(filter)
  const live = useLiveDecisions(filter)
  const { t } = useLingui()
  const rows = list.data?.pages.flatMap((page) => page.decisions) ?? []
  return (
    <Panel
      id="decisions"
      title={<Trans>Last decisions</Trans>}
      aside={
        live === 'off' ? null : (
          <span className={styles.live} data-live={live} role="status">
            {live === 'open' ? <Trans>live</Trans> : <Trans>connecting…</Trans>}
          </span>
        )
      }
    >
      <DecisionFilters filter={filter} onChange={setFilter} />
      <div className={styles.body} tabIndex={0} role="group" aria-label={t`List of decisions`}>
        {list.isError ? <FailureNote failure={failureOf(list.error)} /> : null}
        {list.isPending ? <Skeleton label={t`Reading the ledger`} lines={6} /> : null}
        {list.isSuccess && rows.length === 0 ? <NoRows filtered={isNarrowed(filter)} /> : null}
        {rows.length === 0 ? null : <DecisionTable rows={rows} />}
        {list.hasNextPage ? (
          <Button
            tone="quiet"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            <Trans>Show older decisions</Trans>
          </Button>
        ) : null}
      </div>
    </Panel>
  )
}

const NoRows = ({ filtered }: { readonly filtered: boolean }) => (
  <Empty>
    <p>
      {filtered ? (
        <Trans>No decision matches these filters.</Trans>
      ) : (
        <Trans>
          No decision yet. Each request through this gateway leaves a line here, from this page or
          from any other client: its class, where it went, how it ended. Never its text.
        </Trans>
      )}
    </p>
  </Empty>
)
