import styles from './lock-picture.module.css'

/** A lock seen from above: a boat before closed gates. Ornament only. */
export const LockPicture = () => (
  <svg viewBox="0 0 320 72" className={styles.picture} aria-hidden="true">
    <rect className={styles.quay} width="320" height="72" rx="8" />
    <rect className={styles.upper} x="0" y="14" width="118" height="44" />
    <rect className={styles.chamber} x="118" y="14" width="92" height="44" />
    <rect className={styles.lower} x="210" y="14" width="110" height="44" />
    <path
      className={styles.ripple}
      d="M14 26h22M30 46h26M136 24h18M168 50h20M236 27h28M262 47h22"
    />
    <path className={styles.gate} d="M110 14l12 22-12 22M202 14l12 22-12 22" />
    <path
      className={styles.boat}
      d="M56 36c0-5 4-8 10-8h24c7 0 11 5 14 8-3 3-7 8-14 8H66c-6 0-10-3-10-8z"
    />
    <path className={styles.deck} d="M64 36c0-2 1-3 3-3h14v6H67c-2 0-3-1-3-3z" />
  </svg>
)
