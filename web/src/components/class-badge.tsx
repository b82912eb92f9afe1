import { useLingui } from '@lingui/react/macro'
import { classLevel } from '../api/words.ts'
import type { DataClass } from '../api/words.ts'
import { useWords } from '../i18n/use-words.ts'
import { NARROW_SPACE } from '../i18n/typography.ts'
import styles from './class-badge.module.css'

interface ClassBadgeProps {
  readonly class: DataClass
  readonly undetermined?: boolean
  readonly size?: 'small' | 'large'
  readonly 'data-testid'?: string
}

/** A class of data: its name, and a gauge of one to four marks, so that colour is never alone. */
export function ClassBadge({
  class: dataClass,
  undetermined = false,
  size = 'small',
  'data-testid': testId,
}: ClassBadgeProps) {
  const words = useWords()
  const { t } = useLingui()
  return (
    <span
      className={styles.badge}
      data-class={dataClass}
      data-size={size}
      data-testid={testId}
      title={undetermined ? t`Could not be classified: treated as the highest class` : undefined}
    >
      <Gauge level={classLevel(dataClass)} />
      <span>
        {words.class(dataClass)}
        {undetermined ? `${NARROW_SPACE}?` : null}
      </span>
    </span>
  )
}

/** The staff gauge of a lock: the more marks are under water, the more sensitive the text. */
const Gauge = ({ level }: { readonly level: number }) => (
  <svg viewBox="0 0 10 12" width="10" height="12" aria-hidden="true" className={styles.gauge}>
    {[1, 2, 3, 4].map((mark) => (
      <rect
        key={mark}
        x="0.5"
        width="9"
        y={12 - mark * 3 + 0.5}
        height="2"
        rx="0.6"
        data-under={mark <= level}
      />
    ))}
  </svg>
)
