import { Trans, useLingui } from '@lingui/react/macro'
import type { DecisionFilter } from '../../../api/decisions.ts'
import { CLASSES, asDataClass } from '../../../api/words.ts'
import { useWords } from '../../../i18n/use-words.ts'
import { useStatus } from '../../../shell/use-status.ts'
import styles from './decisions.module.css'

interface DecisionFiltersProps {
  readonly filter: DecisionFilter
  readonly onChange: (filter: DecisionFilter) => void
}

/** Which decisions to show: by class, by destination, only the refused ones. */
export function DecisionFilters({ filter, onChange }: DecisionFiltersProps) {
  const words = useWords()
  const { t } = useLingui()
  const status = useStatus()
  const destinations = status.data?.destinations.map(({ id }) => id) ?? []
  return (
    <div className={styles.filters} role="group" aria-label={t`Filters`}>
      <select
        aria-label={t`Class`}
        value={filter.class ?? ''}
        onChange={(event) => onChange({ ...filter, class: asDataClass(event.target.value) })}
      >
        <option value="">{t`All classes`}</option>
        {CLASSES.map((dataClass) => (
          <option key={dataClass} value={dataClass}>
            {words.class(dataClass)}
          </option>
        ))}
      </select>
      <select
        aria-label={t`Destination`}
        value={filter.destination ?? ''}
        onChange={(event) => onChange({ ...filter, destination: event.target.value || null })}
      >
        <option value="">{t`All destinations`}</option>
        {destinations.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
      <label>
        <input
          type="checkbox"
          checked={filter.refused}
          onChange={(event) => onChange({ ...filter, refused: event.target.checked })}
        />
        <Trans>Refused only</Trans>
      </label>
    </div>
  )
}
