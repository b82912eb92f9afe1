import type { PassageBody } from '#kernel/passage.ts'
import type { FormPart } from './form-part.ts'

/** Values of one draw; two draws make a boundary. */
const DRAW = 2 ** 48

/** A form as bytes of our own, with the content type that names its boundary. `random` is uniform in [0, 1). */
export function writeForm(parts: readonly FormPart[], random: () => number): PassageBody {
  const pieces = parts.map((part) => [Buffer.from(headOf(part)), contentOf(part)] as const)
  const boundary = freshBoundary(pieces.flat(), random)
  const written: Buffer[] = []
  for (const [head, content] of pieces) {
    written.push(Buffer.from(`--${boundary}\r\n`), head, content, Buffer.from('\r\n'))
  }
  written.push(Buffer.from(`--${boundary}--\r\n`))
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat(written),
  }
}

function headOf(part: FormPart): string {
  const field = `Content-Disposition: form-data; name="${quoted(part.name)}"`
  if (part.kind === 'field') return `${field}\r\n\r\n`
  const named = part.fileName === null ? '' : `; filename="${quoted(part.fileName)}"`
  const charset = part.charset === null ? '' : `; charset=${part.charset}`
  return `${field}${named}\r\nContent-Type: ${part.type}${charset}\r\n\r\n`
}

/** As browsers write a name; names with line ends or backslashes were refused when they were read. */
const quoted = (text: string): string => text.replaceAll('"', '%22')

function contentOf(part: FormPart): Buffer {
  if (part.kind === 'field') return Buffer.from(part.value)
  const { buffer, byteOffset, byteLength } = part.bytes
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** A boundary that occurs nowhere in what it has to keep apart; the first draw nearly always is one. */
function freshBoundary(pieces: readonly Buffer[], random: () => number): string {
  for (let draw = 0; ; draw++) {
    const boundary = `ecluse-${draw}-${drawn(random)}${drawn(random)}`
    if (!pieces.some((piece) => piece.includes(boundary))) return boundary
  }
}

const drawn = (random: () => number): string =>
  Math.floor(random() * DRAW)
    .toString(16)
    .padStart(12, '0')
