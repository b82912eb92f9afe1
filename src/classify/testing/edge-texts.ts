/** A text at an edge, made to any length. */
export interface EdgeText {
  readonly name: string
  /** Quiet: it holds nothing to find and hides nothing. */
  readonly isQuiet: boolean
  readonly make: (length: number) => string
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Numbers without any order, the same at every run (Numerical Recipes, linear congruential). */
function* noise(): Generator<number, never> {
  for (let state = 12_345; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state >>> 8
  }
}

const letters = (count: number, source: Generator<number, never>, alphabet = ALPHABET): string =>
  Array.from({ length: count }, () => alphabet[source.next().value % alphabet.length] ?? '').join(
    '',
  )

const repeated = (name: string, unit: string, isQuiet = false): EdgeText => ({
  name,
  isQuiet,
  make: (length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length),
})

/** Rows that differ, after a beginning. */
function rows(
  name: string,
  head: string,
  row: (at: number, source: Generator<number, never>) => string,
  isQuiet = true,
): EdgeText {
  const make = (length: number): string => {
    const source = noise()
    const made = [head]
    let size = head.length
    for (let at = 0; size < length; at++) {
      const one = row(at, source)
      made.push(one)
      size += one.length
    }
    return made.join('').slice(0, length)
  }
  return { name, isQuiet, make }
}

const hex = (count: number, source: Generator<number, never>): string =>
  letters(count, source, '0123456789abcdef')

/** What people and programs send that is no prose. */
const MATERIAL: readonly EdgeText[] = [
  rows(
    'source code',
    '',
    (at) =>
      `export function step${at}(state: State, chunk: string): readonly Event[] {\n  const next = state.buffer + chunk // ${at}\n  return parse(next.slice(-${at % 64}))\n}\n`,
  ),
  rows(
    'minified script',
    '',
    (at) =>
      `function e${at}(t,n){for(var r=0;r<t.length;r++)n[r]=t[r]^${at % 255};return n&&n.a?n.b:0}var o${at}={a:1,b:"c"};`,
  ),
  rows(
    'lockfile',
    '{"lockfileVersion":3,"packages":{',
    (at, source) =>
      `"node_modules/part-${at}":{"version":"1.${at % 40}.${at % 9}","resolved":"https://registry.example/part-${at}/-/part-${at}-1.2.3.tgz","integrity":"sha512-${letters(86, source)}=="},\n`,
  ),
  rows(
    'log',
    '',
    (at, source) =>
      `2026-03-0${(at % 9) + 1}T10:${10 + (at % 50)}:00.${100 + (at % 900)}Z INFO request id=${hex(8, source)}-${hex(4, source)}-4${hex(3, source)} status=200 bytes=${at} took=${at % 90}ms\n`,
  ),
  rows(
    'table of figures',
    'id;quantity;price;label\n',
    (at) => `${at};${at % 17};${at % 99},${10 + (at % 90)};part ${at % 300}\n`,
  ),
  rows('picture in base64', 'data:image/png;base64,iVBORw0KGgo', (_, source) =>
    letters(1_000, source),
  ),
  rows('digests', '', (_, source) => `${hex(64, source)}\n`),
  rows(
    'table of people',
    'id,name,email,telephone\n',
    (at) => `${at},client ${at},client${at}@acme.fr,06 ${10 + (at % 90)} ${10 + (at % 80)} 34 56\n`,
    false,
  ),
]

/** Scripts, and units that are no characters. */
const SCRIPTS: readonly EdgeText[] = [
  repeated('emoji', '🙂👩‍👩‍👧🏳️‍🌈❤️ ', true),
  repeated('right to left', 'הספר על השולחן وقف القارب عند الباب \u202babc\u202c ', true),
  repeated('Russian', 'Лодка стояла у ворот шлюза всю ночь. ', true),
  repeated('Greek', 'Το καράβι περίμενε στην πύλη όλη νύχτα. ', true),
  repeated('Chinese', '船在闸门前等了一整夜。', true),
  repeated('mixed scripts', 'bоat лодка καράβι 船 سفينة ', true),
  repeated('look-alikes', 'раssроrt хаос αλφα '),
  repeated('OCR noise', 'lO I2 S8 0l 3B ,. ~ rn '),
  repeated('combining accents', 'e\u0301a\u0300c\u0327 ', true),
  repeated('lone surrogates', 'a\ud800 b\udc00 ', true),
  repeated('NUL units', 'a\0b \0 ', true),
  repeated('zero width', 'a\u200bb\u200d \ufeff', true),
  repeated('full width', '０６ １２ ３４ ＡＢＣ '),
]

/** Texts that ask for as much work as can be asked for. */
const HOSTILE: readonly EdgeText[] = [
  repeated('digits', '7'),
  repeated('digit groups', '12 '),
  repeated('a@', 'a@'),
  repeated('a.', 'a.'),
  repeated('spaces', ' ', true),
  repeated('line ends', '\n', true),
  repeated('brackets', '[{('),
  repeated('capitals', 'MARTIN '),
  repeated('first names', 'Marie '),
  repeated('streets', '12 rue '),
  repeated('key=', 'secret_key='),
  repeated('addresses', 'a://b:'),
  repeated('begin of a key', '-----BEGIN PRIVATE KEY-----'),
  repeated('begin of a token', 'eyJhbGci.'),
  repeated('percent', '%41'),
  repeated('percent twice', '%2541'),
  repeated('entities', '&amp;#48;'),
  repeated('escapes', '\\\\u0041'),
  repeated('quoted-printable', '=C3=A9=\n'),
  repeated('equals signs', 'a=b='),
  repeated('base64 of letters', 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo'),
  repeated('base64 in lines', `${'QUJD'.repeat(19)}\n`),
  repeated('short runs', `${'QUJD'.repeat(6)} `),
  repeated('begin of an archive', 'H4sIAAAAAAAAAAAAAAAAAAAAAAAA '),
  repeated('colours', '\u001b[31m'),
]

export const EDGE_TEXTS: readonly EdgeText[] = [...MATERIAL, ...SCRIPTS, ...HOSTILE]
