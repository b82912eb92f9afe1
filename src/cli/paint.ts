import type { DataClass, Label } from '#kernel/label.ts'
import { CLASS_NAMES } from '#policy/explain-words.ts'
import type { Terminal } from './terminal.ts'

const COLOURS: Readonly<Record<DataClass, 'green' | 'cyan' | 'yellow' | 'red'>> = {
  public: 'green',
  internal: 'cyan',
  confidential: 'yellow',
  restricted: 'red',
}

/** A class in its colour; the word is always there, the colour never says anything alone. */
export const paintClass = (
  terminal: Terminal,
  label: Pick<Label, 'class' | 'undetermined'>,
): string =>
  terminal.paint(COLOURS[label.class], CLASS_NAMES[label.class][terminal.language]) +
  (label.undetermined ? ` (${terminal.say({ en: 'undetermined', fr: 'indéterminée' })})` : '')
