/** A whole stream as UTF-8 text. */
export async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  return (await readBytes(stream))?.toString('utf8') ?? ''
}

/** A whole stream as bytes; null when there are more of them than that. */
export async function readBytes(
  stream: AsyncIterable<unknown>,
  limit = Number.POSITIVE_INFINITY,
): Promise<Buffer | null> {
  const pieces: Buffer[] = []
  let received = 0
  for await (const piece of stream) {
    if (typeof piece !== 'string' && !(piece instanceof Uint8Array)) continue
    const bytes = Buffer.from(piece)
    received += bytes.length
    if (received > limit) return null
    pieces.push(bytes)
  }
  return Buffer.concat(pieces)
}

/** The lines of a stream, ended by the line feed alone: readline would also split at U+2028, which texts may hold. */
export async function* readLines(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of stream) {
    const text =
      piece instanceof Uint8Array ? decoder.decode(piece, { stream: true }) : String(piece)
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
