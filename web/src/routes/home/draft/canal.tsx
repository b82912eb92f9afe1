import { useLingui } from '@lingui/react/macro'
import type { Explanation } from '../../../api/explain.ts'
import { useWords } from '../../../i18n/use-words.ts'
import { useStatus } from '../../../shell/use-status.ts'
import { basins } from './basins.ts'
import type { Basin, Water } from './basins.ts'
import styles from './canal.module.css'

/** Width of one basin in the drawing's own units. */
const BASIN = 100

/** The four zones as basins of a canal seen from above: water where the text may go, the boat where it would go. */
export function Canal({ explanation }: { readonly explanation: Explanation }) {
  const words = useWords()
  const { t } = useLingui()
  const status = useStatus()
  const line = basins(explanation, status.data?.destinations ?? [])
  const said: Readonly<Record<Water, string>> = {
    chosen: t`goes here`,
    open: t`allowed`,
    closed: t`closed`,
    empty: t`nothing there`,
  }
  return (
    <div className={styles.canal}>
      <svg viewBox={`0 0 ${BASIN * line.length} 40`} aria-hidden="true">
        {line.map((basin, index) => (
          <BasinPicture key={basin.zone} basin={basin} x={index * BASIN} />
        ))}
        {line.slice(1).map((basin, index) => (
          <Gate key={basin.zone} x={(index + 1) * BASIN} open={isWet(basin.water)} />
        ))}
      </svg>
      <ol aria-label={t`Zones, from nearest to farthest`}>
        {line.map(({ zone, water }) => (
          <li key={zone} data-water={water}>
            <span className={styles.zone}>{words.zone(zone)}</span>
            <span className={styles.said}>{said[water]}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}

const isWet = (water: Water): boolean => water === 'chosen' || water === 'open'

function BasinPicture({ basin, x }: { readonly basin: Basin; readonly x: number }) {
  return (
    <g transform={`translate(${x} 0)`} data-water={basin.water}>
      <rect className={styles.basin} y="4" width={BASIN} height="32" />
      {isWet(basin.water) ? (
        <path className={styles.ripple} d="M12 12h14M66 10h18M22 31h20M72 29h12" />
      ) : null}
      {basin.water === 'closed' ? (
        <path className={styles.dry} d="M14 36L46 4M34 36L66 4M54 36L86 4" />
      ) : null}
      {basin.water === 'chosen' ? (
        <path
          className={styles.boat}
          d="M32 20c0-4 3-6 7-6h16c6 0 10 3 13 6-3 3-7 6-13 6H39c-4 0-7-2-7-6z"
        />
      ) : null}
    </g>
  )
}

/** Mitre gates point upstream when shut, and lie along the walls when open. */
const Gate = ({ x, open }: { readonly x: number; readonly open: boolean }) => (
  <path
    className={styles.gate}
    data-open={open}
    transform={`translate(${x} 0)`}
    d={open ? 'M0 3.5h14M0 36.5h14' : 'M-2 3.5l7 16.5l-7 16.5'}
  />
)
