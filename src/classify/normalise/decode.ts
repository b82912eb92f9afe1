interface Decoded {
  readonly text: string
  readonly end: number
}

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}\d?));/iy
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  commat: '@',
  period: '.',
  colon: ':',
  sol: '/',
  eacute: 'é',
  egrave: 'è',
  ecirc: 'ê',
  euml: 'ë',
  agrave: 'à',
  acirc: 'â',
  ccedil: 'ç',
  ocirc: 'ô',
  icirc: 'î',
  iuml: 'ï',
  ucirc: 'û',
  ugrave: 'ù',
  uuml: 'ü',
  ouml: 'ö',
  auml: 'ä',
  szlig: 'ß',
  oelig: 'œ',
  laquo: '«',
  raquo: '»',
  rsquo: '’',
  lsquo: '‘',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  euro: '€',
  deg: '°',
  shy: '',
  zwsp: '',
  Eacute: 'É',
  Egrave: 'È',
  Agrave: 'À',
  Ccedil: 'Ç',
  plus: '+',
  equals: '=',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
}

const isScalar = (code: number): boolean =>
  code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)

/** An HTML entity at `at`, decoded. */
export function entityAt(text: string, at: number): Decoded | undefined {
  ENTITY.lastIndex = at
  const match = ENTITY.exec(text)
  if (match === null) return undefined
  const [, decimal, hex, name] = match
  const end = ENTITY.lastIndex
  if (name !== undefined) {
    const value = NAMED[name] ?? NAMED[name.toLowerCase()]
    return value === undefined ? undefined : { text: value, end }
  }
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return isScalar(code) ? { text: String.fromCodePoint(code), end } : undefined
}

const PERCENTS = /(?:%[\da-f]{2}){1,4}/iy

/** One percent-encoded UTF-8 character at `at`, decoded. */
export function percentAt(text: string, at: number): Decoded | undefined {
  PERCENTS.lastIndex = at
  const run = PERCENTS.exec(text)?.[0]
  if (run === undefined) return undefined
  const first = Number.parseInt(run.slice(1, 3), 16)
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (length === 0 || run.length < length * 3 || first === 0) return undefined
  if (length === 1) return { text: String.fromCharCode(first), end: at + 3 }
  const bytes = Array.from({ length }, (_, i) =>
    Number.parseInt(run.slice(i * 3 + 1, i * 3 + 3), 16),
  )
  const value = Buffer.from(bytes).toString('utf8')
  return value.includes('�') ? undefined : { text: value, end: at + length * 3 }
}

const ESCAPE = /\\(?:u([\da-f]{4})|x([\da-f]{2})|([nrt"/]))/iy
const SIMPLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '/': '/' }

/** A JSON or JavaScript escape at `at`, decoded. */
export function escapeAt(text: string, at: number): Decoded | undefined {
  ESCAPE.lastIndex = at
  const match = ESCAPE.exec(text)
  if (match === null) return undefined
  const hex = match[1] ?? match[2]
  const value =
    hex === undefined ? SIMPLE[match[3] ?? ''] : String.fromCharCode(Number.parseInt(hex, 16))
  return value === undefined ? undefined : { text: value, end: ESCAPE.lastIndex }
}
