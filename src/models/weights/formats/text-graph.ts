import type { ByteSource } from '../bytes/byte-source.ts'
import { parseStrictJson } from '../bytes/strict-json.ts'
import type { Scan } from '../scan.ts'
import { Strangers } from './judge-operator.ts'
import { judgeKerasConfig } from './scan-keras.ts'

const LONGEST = 64 * 1024 * 1024
/** Comments, texts in either quotes, names, and single marks (protobuf text format). */
const TOKEN =
  /#[^\n]*|"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|([A-Za-z_]\w*)|[^\s\w]/g
const ESCAPE =
  /\\(?:[xX]([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g
const LAST_CODE = 0x10_ff_ff

/** Judges a protobuf in its text form: graphs of TensorFlow, and the configuration of a Triton server. */
export function scanTextGraph(source: ByteSource, scan: Scan): void {
  const text = Buffer.from(source.read(0, Math.min(source.size, LONGEST))).toString('utf8')
  if (source.size > LONGEST) scan.report('unsupported-format')
  const strangers = new Strangers()
  for (const { field, within, value, offset } of textFields(text, scan)) {
    if (field === 'op') strangers.judge(value, offset, scan)
    else if (field === 'name' && within === 'signature') strangers.define(value)
    else if (field in SERVED && SERVED[field]?.test(value) === true) {
      scan.report('remote-code', { at: field }, value)
    } else if (value.startsWith('{')) judgeJson(value, scan)
  }
  strangers.report(scan)
}

/** What a Triton server is told to load: Python, a library of the folder, or a path where a name should be. */
const SERVED: Readonly<Record<string, RegExp>> = {
  backend: /^python$|[/\\]|\.\./,
  runtime: /[/\\]|\.\.|\.so$/,
  platform: /^custom$|[/\\]/,
  op_library_filename: /./,
  default_model_filename: /\.(?:so|dll|dylib|py)$|\.\.|^[/\\]/,
}

interface TextField {
  readonly field: string
  /** The field whose message it stands in. */
  readonly within: string
  readonly value: string
  readonly offset: number
}

/** Every field whose value is a text; texts that follow one another are one. */
function* textFields(text: string, scan: Scan): Generator<TextField> {
  let field = ''
  const open: string[] = []
  let pieces: string[] = []
  let offset = 0
  for (const found of text.matchAll(TOKEN)) {
    scan.budget.step()
    const [whole, double, single, name] = found
    if (whole.startsWith('#')) continue
    const piece = double ?? single
    if (piece !== undefined) {
      if (pieces.length === 0) offset = found.index
      pieces.push(unescaped(piece))
      continue
    }
    if (pieces.length > 0)
      yield { field, within: open.at(-1) ?? '', value: pieces.join(''), offset }
    pieces = []
    if (name !== undefined) field = name
    else if (whole === '{' || whole === '<') open.push(field)
    else if (whole === '}' || whole === '>') open.pop()
  }
  if (pieces.length > 0) yield { field, within: open.at(-1) ?? '', value: pieces.join(''), offset }
}

const SIMPLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

const unescaped = (raw: string): string =>
  raw.replaceAll(
    ESCAPE,
    (_, hex?: string, octal?: string, four?: string, eight?: string, other?: string) => {
      const wide = hex ?? four ?? eight
      if (wide !== undefined) {
        const code = Number.parseInt(wide, 16)
        return code <= LAST_CODE ? String.fromCodePoint(code) : ''
      }
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      return SIMPLE[other ?? ''] ?? other ?? ''
    },
  )

/** Keras keeps the configuration of a layer as JSON inside the graph. */
function judgeJson(text: string, scan: Scan): void {
  const parsed = parseStrictJson(text, {
    depth: 200,
    step: () => scan.budget.step(),
    onDuplicate: () => undefined,
    pythonNumbers: true,
  })
  if (parsed.ok) judgeKerasConfig(parsed.value, scan)
}
