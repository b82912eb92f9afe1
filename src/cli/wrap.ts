/** A text in lines of a width, broken between words; a word that is longer stands alone. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length > width && line !== '') {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

/** The lines of a text behind a head: the first beside it, the others under the first. */
export function beside(head: string, text: string, columns: number): readonly string[] {
  const width = Math.max(20, columns - head.length)
  return wrapped(text, width).map(
    (line, at) => `${at === 0 ? head : ' '.repeat(head.length)}${line}`,
  )
}
