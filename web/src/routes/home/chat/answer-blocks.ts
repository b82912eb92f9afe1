/** A paragraph run or a fenced piece of code of an answer. */
export interface Block {
  readonly kind: 'text' | 'code'
  readonly text: string
}

/** Splits at Markdown code fences; a fence still open while streaming is already code. */
export function answerBlocks(answer: string): readonly Block[] {
  const blocks: { kind: Block['kind']; lines: string[] }[] = []
  let kind: Block['kind'] = 'text'
  for (const line of answer.split('\n')) {
    if (line.trimStart().startsWith('```')) {
      kind = kind === 'text' ? 'code' : 'text'
      if (kind === 'code') blocks.push({ kind, lines: [] })
      continue
    }
    const last = blocks.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else blocks.push({ kind, lines: [line] })
  }
  return blocks
    .map((block): Block => {
      const text = block.lines.join('\n')
      // Blank lines around a fence are Markdown's, not the reader's.
      return {
        kind: block.kind,
        text: block.kind === 'code' ? text : text.replaceAll(/^\n+|\n+$/g, ''),
      }
    })
    .filter((block) => block.kind === 'code' || block.text.trim() !== '')
}
