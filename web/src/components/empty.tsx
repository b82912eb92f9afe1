import type { ReactNode } from 'react'
import styles from './empty.module.css'

/** What will be here, said before anything is. */
export const Empty = ({ children }: { readonly children: ReactNode }) => (
  <div className={styles.empty}>{children}</div>
)
