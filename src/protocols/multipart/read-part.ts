import type { Refusal } from '#kernel/refusal.ts'
import { err, ok, type Result } from '#kernel/result.ts'
import { decodeUtf8 } from '../json-body.ts'
import type { FormPart } from './form-part.ts'
import { readHeaderValue, type HeaderValue } from './header-value.ts'
import { readPartHeaders } from './part-headers.ts'
import { readPartNames } from './part-names.ts'
import { malformed, partPath } from './problem.ts'

/** Longest header block of a part, bytes. */
const HEADER_BYTES = 8192

const HEADERS_END = '\r\n\r\n'

/** What a part with a file name is when it does not say (RFC 7578 says text; nobody means that). */
const UNSAID_TYPE = 'application/octet-stream'

/** A media type without parameters (RFC 6838, section 4.2). */
const MEDIA_TYPE = /^[a-z\d][a-z\d!#$&^_.+-]{0,126}\/[a-z\d][a-z\d!#$&^_.+-]{0,126}$/

/** A part without a file name is a text when it is one of these, or says nothing. */
const FIELD_TYPE = /^(?:text\/.*|application\/(?:json|.*\+json))$/

/** Charsets a file may name; the name goes on, so it is never free text (IANA, character sets). */
const CHARSET = /^(?:utf-8|us-ascii|utf-16|utf-16le|utf-16be|iso-8859-\d{1,2}|windows-125\d)$/

/** Encodings that leave the bytes alone; the others are no longer used (RFC 7578, section 4.7). */
const PLAIN_ENCODINGS: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])

/** Reads one part; `index` is its place in the form. */
export function readPart(slice: Buffer, index: number): Result<FormPart, Refusal> {
  const end = slice.subarray(0, HEADER_BYTES).indexOf(HEADERS_END)
  if (end === -1)
    return malformed(slice.length < HEADER_BYTES ? 'part-headers' : 'headers-too-large', index)
  const head = decodeUtf8(slice.subarray(0, end))
  if (head === null) return err({ code: 'invalid-utf8', param: partPath(index) })
  const headers = readPartHeaders(head)
  if (headers === null) return malformed('part-headers', index)
  const encoding = headers.get('content-transfer-encoding')
  if (encoding !== undefined && !PLAIN_ENCODINGS.has(encoding.toLowerCase()))
    return malformed('part-encoding', index)
  const disposition = readHeaderValue(headers.get('content-disposition') ?? '')
  if (disposition?.value !== 'form-data') return malformed('part-disposition', index)
  const names = readPartNames(disposition)
  if (names === null) return malformed('part-name', index)
  const type = readType(headers.get('content-type'))
  if (type === null) return malformed('part-type', index)
  const essence = type?.value ?? null
  if (essence !== null && /^(?:multipart|message)\//.test(essence))
    return malformed('nested-multipart', index)
  const bytes = slice.subarray(end + HEADERS_END.length)
  const charset = type?.parameters.get('charset')?.toLowerCase() ?? null
  if (names.fileName === null && (essence === null || FIELD_TYPE.test(essence)))
    return readField(names.name, bytes, charset, index)
  if (charset !== null && !CHARSET.test(charset)) return malformed('part-charset', index)
  return ok({ kind: 'file', ...names, type: essence ?? UNSAID_TYPE, charset, bytes })
}

/** Undefined when the part does not say its type, null when it cannot be read. */
function readType(header: string | undefined): HeaderValue | null | undefined {
  if (header === undefined) return undefined
  const type = readHeaderValue(header)
  return type !== null && MEDIA_TYPE.test(type.value) ? type : null
}

function readField(
  name: string,
  bytes: Buffer,
  charset: string | null,
  index: number,
): Result<FormPart, Refusal> {
  if (charset === 'iso-8859-1') return ok({ kind: 'field', name, value: bytes.toString('latin1') })
  if (charset !== null && charset !== 'utf-8' && charset !== 'us-ascii')
    return malformed('part-charset', index)
  const value = decodeUtf8(bytes)
  if (value === null) return err({ code: 'invalid-utf8', param: partPath(index) })
  // names the charset of the other fields (RFC 7578, section 4.6)
  if (name === '_charset_' && value.toLowerCase() !== 'utf-8')
    return malformed('part-charset', index)
  return ok({ kind: 'field', name, value })
}
