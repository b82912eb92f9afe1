import type { ReactNode } from 'react'
import { useId } from 'react'
import styles from './panel.module.css'

interface PanelProps {
  readonly id: string
  readonly title: ReactNode
  readonly aside?: ReactNode
  readonly children: ReactNode
}

/** A titled part of a page; the title names the region for screen readers. */
export function Panel({ id, title, aside, children }: PanelProps) {
  const heading = useId()
  return (
    <section id={id} className={styles.panel} aria-labelledby={heading}>
      <header className={styles.head}>
        <h2 id={heading}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  )
}
