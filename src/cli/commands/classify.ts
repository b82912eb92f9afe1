import { createReadStream } from 'node:fs'
import type { Finding, Label } from '#kernel/label.ts'
import type { Command, Context, ExitCode, Parsed } from '../command.ts'
import { textOption } from '../command.ts'
import { readAll, readLines } from '../read-input.ts'
import { labelView } from '../label-view.ts'
import { paintClass } from '../paint.ts'
import { classifyStream } from './classify-stream.ts'

type Classify = (parts: readonly [{ path: string; text: string; kind: 'text' }]) => {
  readonly label: Label
  readonly findings: readonly Finding[]
}

interface Span {
  readonly start: number
  readonly end: number
  readonly type: string
  readonly confidence: number
}

/** `ecluse classify`: the label of a text, on this machine, sending nothing. */
export const classify: Command = {
  name: 'classify',
  summary: {
    en: 'Classify a text, a file or a JSONL stream',
    fr: 'Classer un texte, un fichier ou un flux JSONL',
  },
  usage: '[TEXT | --file F | --jsonl [F] | --stream [F]]',
  options: {
    file: { type: 'string' },
    jsonl: { type: 'boolean' },
    stream: { type: 'boolean' },
    offsets: { type: 'string' },
  },
  details: {
    en: '--jsonl reads {"id","text"} per line and writes {"id","spans","label"}; --offsets utf16 (default) or codepoints. --stream reads one text of any size piece by piece and writes a line per finding, then the label.',
    fr: '--jsonl lit {"id","text"} par ligne et écrit {"id","spans","label"} ; --offsets utf16 (défaut) ou codepoints. --stream lit un seul texte, de toute taille, morceau par morceau : une ligne par trouvaille, puis le niveau.',
  },
  async run(args, context) {
    const offsets = textOption(args, 'offsets') ?? 'utf16'
    if (offsets !== 'utf16' && offsets !== 'codepoints') return usage(context)
    const config = await context.config()
    if (!config) return 2
    if (args.values['stream'] === true) {
      if (offsets !== 'utf16') return usage(context)
      return classifyStream(args.positionals[0] ?? textOption(args, 'file'), config.floor, context)
    }
    const house = await context.offline(config)
    const asCodePoints = offsets === 'codepoints'
    if (args.values['jsonl'] === true)
      return classifyLines(args, context, house.classify, asCodePoints)
    const text = await inputText(args, context)
    if (text === null) return usage(context)
    const { label, findings } = house.classify([{ path: 'text', text, kind: 'text' }])
    const { terminal } = context
    if (terminal.json) {
      terminal.out(
        JSON.stringify({ spans: spans(findings, text, asCodePoints), label: labelView(label) }),
      )
      return 0
    }
    terminal.out(`${paintClass(terminal, label)}  ${label.categories.join(', ')}`.trimEnd())
    for (const finding of findings) {
      const why = house.explainFinding(finding, terminal.language)
      terminal.out(
        `  ${finding.type.padEnd(20)} ${finding.start}-${finding.end}  ${finding.confidence.toFixed(2)}  ${terminal.paint('dim', why)}`,
      )
    }
    if (findings.length === 0) {
      terminal.out(
        terminal.paint('dim', `  ${terminal.say({ en: 'nothing found', fr: 'rien trouvé' })}`),
      )
    }
    return 0
  },
}

async function classifyLines(
  args: Parsed,
  context: Context,
  run: Classify,
  asCodePoints: boolean,
): Promise<ExitCode> {
  const path = args.positionals[0] ?? textOption(args, 'file')
  const input = path === undefined || path === '-' ? context.stdin : createReadStream(path)
  const lines = readLines(input)
  let bad = 0
  let at = 0
  try {
    for await (const line of lines) {
      at += 1
      if (line.trim() === '') continue
      const row = readRow(line)
      if (!row) {
        bad += 1
        context.terminal.note(
          context.terminal.say({
            en: `line ${at}: not {"id","text"}`,
            fr: `ligne ${at} : pas {"id","text"}`,
          }),
        )
        continue
      }
      const { label, findings } = run([{ path: 'text', text: row.text, kind: 'text' }])
      context.terminal.out(
        JSON.stringify({
          id: row.id,
          spans: spans(findings, row.text, asCodePoints),
          label: labelView(label),
        }),
      )
    }
  } catch {
    context.terminal.note(
      context.terminal.say({
        en: `cannot read ${path ?? '-'}`,
        fr: `lecture impossible : ${path ?? '-'}`,
      }),
    )
    return 2
  }
  return bad > 0 ? 2 : 0
}

function readRow(line: string): { id: string | number; text: string } | null {
  try {
    const row: unknown = JSON.parse(line)
    if (typeof row !== 'object' || row === null || !('id' in row) || !('text' in row)) return null
    const { id, text } = row
    const isId = typeof id === 'string' || typeof id === 'number'
    return isId && typeof text === 'string' ? { id, text } : null
  } catch {
    return null
  }
}

async function inputText(args: Parsed, context: Context): Promise<string | null> {
  const file = textOption(args, 'file')
  if (file !== undefined) return readAll(file === '-' ? context.stdin : createReadStream(file))
  if (args.positionals.length > 0) return args.positionals.join(' ')
  return context.stdin.isTTY ? null : readAll(context.stdin)
}

function usage(context: Context): ExitCode {
  context.terminal.note(
    'ecluse classify [TEXT | --file F | --jsonl [F] | --stream [F]] [--offsets utf16|codepoints]',
  )
  return 3
}

function spans(findings: readonly Finding[], text: string, asCodePoints: boolean): Span[] {
  const place = asCodePoints ? codePointOffsets(text) : (offset: number) => offset
  return findings.map(({ start, end, type, confidence }) => ({
    start: place(start),
    end: place(end),
    type,
    confidence,
  }))
}

/** UTF-16 offsets to code points, in one pass over the text. */
function codePointOffsets(text: string): (offset: number) => number {
  const before = new Uint32Array(text.length + 1)
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const isLowOfPair = isLow(text.charCodeAt(at)) && at > 0 && isHigh(text.charCodeAt(at - 1))
    before[at] = isLowOfPair ? count - 1 : count
    if (!isLowOfPair) count += 1
  }
  before[text.length] = count
  return (offset) => before[offset] ?? count
}

const isHigh = (code: number): boolean => code >= 0xd800 && code <= 0xdbff
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff
