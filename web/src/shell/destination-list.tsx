import { Trans } from '@lingui/react/macro'
import type { DestinationStatus } from '../api/status.ts'
import { ClassBadge } from '../components/class-badge.tsx'
import { useWords } from '../i18n/use-words.ts'
import { DESTINATION_STATE_WORDS, HEALTH_WORDS } from '../i18n/words.ts'
import styles from './header.module.css'

/** Every destination with its zone, state, health and clearance. */
export function DestinationList({
  destinations,
}: {
  readonly destinations: readonly DestinationStatus[]
}) {
  const words = useWords()
  if (destinations.length === 0) {
    return (
      <p>
        <Trans>No destination yet: no model can answer.</Trans>
      </p>
    )
  }
  return (
    <ul className={styles.destinations}>
      {destinations.map((destination) => (
        <li key={destination.id}>
          <div>
            <strong>{destination.id}</strong>
            <span>
              {words.zone(destination.zone)} ·{' '}
              {words.open(DESTINATION_STATE_WORDS, destination.state)}
              {destination.state === 'enabled' && destination.health
                ? ` · ${words.open(HEALTH_WORDS, destination.health)}`
                : null}
            </span>
          </div>
          <ClassBadge class={destination.clearance} />
        </li>
      ))}
    </ul>
  )
}
