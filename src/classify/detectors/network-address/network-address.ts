import type { Detector, Found } from '../../scan/detector.ts'
import type { Scan } from '../../scan/scan.ts'
import { spokenAgainst } from '../../scan/score.ts'
import { isDigitAt, isWordAt } from '../../scan/symbols.ts'

const GROUP = 'ip-word'
/** Said in prose, of an address that somebody has: then even one that documents use is told, low. */
const NAMED = 'ip-named'
const V4 =
  /(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\d.]\d|\d)/y
const HEX = /[\da-f]{1,4}/iy
/** IANA special-purpose registry (RFC 6890): this host, loopback, link-local, documentation, benchmarks, multicast, reserved. */
const NOBODY_V4 =
  /^(?:0|127|22[4-9]|23\d|24\d|25[0-5])\.|^169\.254\.|^192\.0\.[02]\.|^198\.51\.100\.|^203\.0\.113\.|^198\.1[89]\.|\.0$|^(\d+)\.\1\.\1\.\1$|^1\.2\.3\.4$|^8\.8\.4\.4$|^1\.0\.0\.1$|^93\.184\.21[56]\./
/** Every home and office counts its machines from here: says nothing of whose. */
const EVERYWHERE = /^192\.168\.|\.1$/
/** RFC 1918 and RFC 6598. */
const PRIVATE_V4 =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/
/** Unspecified, loopback, documentation, multicast. */
const NOBODY_V6 =
  /^(?:[0:]{1,39}1?|2001:0?db8:.{0,34}|ff.{2}:.{0,34}|(?:(?:0{1,4}:){5}|::)ffff:.{0,16}|3fff:.{0,34})$/i
const PRIVATE_V6 = /^f(?:[cd]|e[89ab])/i
const LONGEST = 45
const MAC =
  /^(?:[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}[\da-f]{2}|[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4})$/i
/** No bits, all bits, and the sequences of documentation. */
const NOBODY_MAC =
  /^(?:0{12}|f{12}|123456789abc|001122334455|aabbccddeeff|0123456789ab|deadbeef.{4})$/i

/** Addresses of machines: IPv4, IPv6 (RFC 4291) and MAC (IEEE 802). What stands for no machine is nothing; private ones count beside a word only. */
export const networkAddress: Detector = {
  id: 'network-address',
  acrossParts: true,
  literals: [
    {
      name: GROUP,
      standing: 'word',
      words:
        'ip|ipv4|ipv6|client_ip|clientip|remote_addr|x-forwarded-for|source ip|address|adresse'.split(
          '|',
        ),
    },
    {
      name: NAMED,
      standing: 'stem',
      words: 'ip address|ip addresses|adresse ip|adresses ip|my ip|mon ip|dirección ip'.split('|'),
    },
  ],
  find(scan, found) {
    const { text } = scan
    let done = -1
    for (const start of scan.runs.numbers) {
      if (start < done) continue
      const length = wordLength(text, start)
      const sign = text.charCodeAt(start + length)
      const before = text.charCodeAt(start - 1)
      if (sign === DOT && length < 4) done = Math.max(done, v4(scan, start, found))
      else if (sign === COLON && before !== COLON && isTime(text, start, length))
        done = start + length + 6
      else if (mayBeHardware(text, start, length, sign, before)) done = hardware(scan, start, found)
      if (scan.steps.exhausted) return
    }
  },
}

const DOT = 46
const COLON = 58
const DASH = 45

/** `10:30`, `10:30:59`: most of the colons between digits. */
const isTime = (text: string, start: number, length: number): boolean =>
  length <= 2 &&
  isDigitAt(text, start + length + 2) &&
  !isWordAt(text, start + length + 3) &&
  (text.charCodeAt(start + length + 3) !== COLON ||
    (text.charCodeAt(start + length + 6) !== COLON && !isWordAt(text, start + length + 6)))

/** A group of an IPv6 address, or one of a MAC address with two or four digits between its signs. */
const mayBeHardware = (
  text: string,
  start: number,
  length: number,
  sign: number,
  before: number,
): boolean =>
  sign === COLON ||
  before === COLON ||
  (length === 4 && (sign === DOT || before === DOT)) ||
  (length === 2 &&
    (sign === DASH || before === DASH) &&
    (text.charCodeAt(start + 5) === DASH || text.charCodeAt(start - 4) === DASH))

/** Letters and digits from here, five at most. */
function wordLength(text: string, start: number): number {
  let length = 0
  while (length < 5 && isWordAt(text, start + length)) length++
  return length
}

function v4(scan: Scan, start: number, found: Found): number {
  const { text } = scan
  // `1.2.250.1…`, `Firefox/115.0.0.1`: a number among others, a version
  if ('./'.includes(text[start - 1] ?? ' ') && isWordAt(text, start - 2)) return 0
  V4.lastIndex = start
  const match = V4.exec(text)
  scan.steps.spend(16)
  if (match === null) return 0
  const end = start + match[0].length
  const hanging = isWordAt(text, end) || '-_'.includes(text[start - 1] ?? ' ')
  if (hanging || /^\/\d/.test(text.slice(end, end + 2))) return end
  const isPrivate = PRIVATE_V4.test(match[0])
  const isNobody = NOBODY_V4.test(match[0]) || (isPrivate && EVERYWHERE.test(match[0]))
  tell(scan, start, end, isNobody ? 'nobody' : isPrivate ? 'private' : 'public', found)
  return end
}

/** From a group that begins with a digit out to both sides: an address of hexadecimal groups, or the place to go on from. */
function hardware(scan: Scan, at: number, found: Found): number {
  const { text } = scan
  const separator = ':-.'.includes(text[at - 1] ?? ' ') ? text[at - 1] : firstSign(text, at)
  const belongs = (index: number): boolean =>
    isHexAt(text, index) || (text[index] === separator && separator !== undefined)
  let start = at
  let end = at
  while (at - start <= LONGEST && start > 0 && belongs(start - 1)) start--
  while (end - at <= LONGEST && end < text.length && belongs(end)) end++
  scan.steps.spend(end - start + 4)
  if (end - start > LONGEST || isWordAt(text, start - 1) || isWordAt(text, end)) return end
  const raw = text.slice(start, end)
  const value = raw.replace(/[.-]$|(?<=[^:]):$/, '')
  const stop = start + value.length
  if (MAC.test(value)) {
    const plain = value.replaceAll(/[^\da-f]/gi, '')
    const shown = !NOBODY_MAC.test(plain) || value.length >= text.trim().length
    if (shown && !/^(?:0+|f+)$/i.test(plain) && text[start - 1] !== '-' && text[stop] !== '-')
      found({
        type: 'MAC_ADDRESS',
        rule: 'mac',
        start,
        end: stop,
        confidence: separator === ':' || plain !== plain.toLowerCase() ? 0.85 : 0.65,
        because: [{ kind: 'shape' }],
      })
  } else if (separator === ':' && isV6(value)) {
    const isNobody = NOBODY_V6.test(value)
    tell(
      scan,
      start,
      stop,
      isNobody ? 'nobody' : PRIVATE_V6.test(value) ? 'private' : 'public',
      found,
    )
  }
  return end
}

const isHexAt = (text: string, index: number): boolean => {
  const unit = text.charCodeAt(index) | 32
  return (unit >= 97 && unit <= 102) || isDigitAt(text, index)
}

function firstSign(text: string, at: number): string | undefined {
  HEX.lastIndex = at
  const match = HEX.exec(text)
  const sign = text[at + (match?.[0].length ?? 0)]
  return sign !== undefined && ':-.'.includes(sign) ? sign : undefined
}

/** Eight groups, or fewer around one `::`; three groups at least, so that a time is none. */
function isV6(value: string): boolean {
  const halves = value.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return false
  if (halves.length === 1) return groups.length === 8
  return groups.length >= 3 && groups.length <= 7 && /[a-f]|\d{3}/i.test(value)
}

const saidNear = (scan: Scan, start: number, end: number): string | undefined =>
  scan.inKey(GROUP) ?? scan.near(GROUP, start, end, 40)

/** Whose address it is: a machine's in the open, one behind a door, or one that documents use. */
type Reach = 'public' | 'private' | 'nobody'

function tell(scan: Scan, start: number, end: number, reach: Reach, found: Found): void {
  const alone = end - start >= scan.text.trim().length
  const told = scan.inKey(NAMED) ?? scan.near(NAMED, start, end, 40)
  const keyword = told ?? (reach === 'nobody' ? undefined : saidNear(scan, start, end))
  if (keyword === undefined && !alone && (reach !== 'public' || spokenAgainst(scan, start))) return
  const sure = keyword === undefined ? 0.65 : 0.95
  found({
    type: 'IP_ADDRESS',
    rule: reach === 'public' ? 'ip' : `ip-${reach}`,
    start,
    end,
    confidence: reach === 'public' ? sure : 0.45,
    because:
      keyword === undefined
        ? [{ kind: 'shape' }]
        : [{ kind: 'shape' }, { kind: 'keyword', keyword }],
  })
}
