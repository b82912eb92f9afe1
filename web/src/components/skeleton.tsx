import styles from './skeleton.module.css'

/** Grey lines in the place of what is being loaded; the label says what. */
export function Skeleton({ label, lines }: { readonly label: string; readonly lines: number }) {
  return (
    <div className={styles.skeleton} role="status">
      <span className={styles.label}>{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={styles.line} aria-hidden="true" />
      ))}
    </div>
  )
}
