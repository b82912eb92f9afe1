import type { ButtonHTMLAttributes } from 'react'
import styles from './button.module.css'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** main: the one action of a form. plain: any other. quiet: without a border. */
  readonly tone?: 'main' | 'plain' | 'quiet'
}

/** A button; of type `button` unless said otherwise, so that it never sends a form by accident. */
export const Button = ({ tone = 'plain', type = 'button', ...rest }: ButtonProps) => (
  <button type={type} className={styles.button} data-tone={tone} {...rest} />
)
