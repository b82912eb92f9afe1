/** What one answer showed: how many tokens, and whether anything in it was wrong. */
export interface Seen {
  readonly tokens: number
  readonly malformed: number
}

interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string } }[]
  readonly error?: unknown
}

/** Frames of a stream: each is `data: ` and JSON, the last is the end mark, nothing follows it. */
export function checkStream(text: string, tokens: number): Seen {
  const frames = text.split('\n\n')
  let malformed = frames.pop() === '' ? 0 : 1
  if (frames.pop() !== 'data: [DONE]') malformed++
  let seen = 0
  for (const frame of frames) {
    const chunk = frame.startsWith('data: ') ? parsed(frame.slice(6)) : null
    if (chunk === null || !Array.isArray(chunk.choices) || chunk.error !== undefined) malformed++
    else if (chunk.choices[0]?.delta?.content) seen++
  }
  return { tokens: seen, malformed: malformed + (seen === tokens ? 0 : 1) }
}

/** A whole answer: JSON with one choice. */
export function checkWhole(text: string): Seen {
  const answer = parsed(text)
  return { tokens: 1, malformed: answer?.choices?.length === 1 ? 0 : 1 }
}

function parsed(text: string): Chunk | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}
