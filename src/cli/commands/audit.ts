import { setTimeout as sleep } from 'node:timers/promises'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import type { DecisionRow } from '#ledger/decision-row.ts'
import type { LedgerQuery } from '#ledger/ports.ts'
import { verifyLedger, type Checkpoint } from '#ledger/verify.ts'
import type { Command, Context, EvidenceReader, ExitCode, Parsed } from '../command.ts'
import { textOption } from '../command.ts'
import { showDecision } from '../show-decision.ts'
import { paintClass } from '../paint.ts'
import type { Terminal } from '../terminal.ts'

/** Milliseconds between two looks at the ledger while following it. */
const FOLLOW_MS = 500

/** `ecluse audit`: the evidence, read from the database file itself, whether or not a gateway runs. */
export const audit: Command = {
  name: 'audit',
  summary: { en: 'Read and verify the evidence', fr: 'Lire et vérifier les preuves' },
  usage: 'tail [-f] | show ID | verify [--checkpoint F] | checkpoint',
  options: {
    follow: { type: 'boolean', short: 'f' },
    limit: { type: 'string', short: 'n' },
    class: { type: 'string' },
    category: { type: 'string' },
    destination: { type: 'string' },
    key: { type: 'string' },
    refused: { type: 'boolean' },
    since: { type: 'string' },
    until: { type: 'string' },
    checkpoint: { type: 'string' },
  },
  details: {
    en: 'Filters of tail: --class --category --destination --key --refused --since --until (ISO 8601) --limit. `checkpoint` prints the ends of the chains: keep them elsewhere, and `verify --checkpoint F` can then tell a truncation.',
    fr: 'Filtres de tail : --class --category --destination --key --refused --since --until (ISO 8601) --limit. `checkpoint` affiche la fin des chaînes : gardez-la ailleurs, et `verify --checkpoint F` pourra détecter une troncature.',
  },
  async run(args, context) {
    const [verb, id] = args.positionals
    const config = await context.config()
    if (!config) return 2
    const opened = await context.evidence(config)
    if (!opened.ok) {
      context.terminal.note(context.terminal.say(opened.error))
      return 2
    }
    try {
      if (verb === 'tail') return await tail(args, context, opened.value)
      if (verb === 'show' && id !== undefined) return await showDecision(id, context, opened.value)
      if (verb === 'verify') return await verify(args, context, opened.value)
      if (verb === 'checkpoint') return await checkpoint(context, opened.value)
    } finally {
      await opened.value.close()
    }
    context.terminal.note(`ecluse audit ${audit.usage}`)
    return 3
  },
}

const Filters = z.object({
  class: z.enum(CLASSES).optional(),
  category: z.enum(CATEGORIES).optional(),
  destination: z.string().optional(),
  key: z.string().optional(),
  refused: z.literal(true).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(20),
  since: z.coerce.date().transform(Number).optional(),
  until: z.coerce.date().transform(Number).optional(),
})

async function tail(args: Parsed, context: Context, evidence: EvidenceReader): Promise<ExitCode> {
  const { terminal } = context
  const filters = Filters.safeParse(args.values)
  if (!filters.success) {
    const issue = filters.error.issues[0]
    terminal.note(`--${issue?.path.join('.') ?? '?'}: ${issue?.message ?? '?'}`)
    return 3
  }
  const query: LedgerQuery = filters.data
  const first = await evidence.decisions(query)
  if (!first.ok) return 2
  const shown = new Set<string>()
  const show = (rows: readonly DecisionRow[]): void => {
    for (const row of rows.toReversed()) {
      shown.add(row.id)
      terminal.out(terminal.json ? JSON.stringify(row) : decisionLine(row, terminal))
    }
  }
  if (first.value.rows.length === 0 && !terminal.json) {
    terminal.note(terminal.say({ en: 'no decision yet', fr: 'pas encore de décision' }))
  }
  show(first.value.rows)
  while (args.values['follow'] === true) {
    await sleep(FOLLOW_MS)
    const page = await evidence.decisions(query)
    if (!page.ok) return 2
    // a decision without its outcome is shown when it is whole, or never if it never ends
    show(page.value.rows.filter((row) => !shown.has(row.id) && row.outcome !== null))
  }
  return 0
}

function decisionLine(row: DecisionRow, terminal: Terminal): string {
  const time = new Date(row.at).toISOString().replace('T', ' ').slice(0, 19)
  const where = row.destination ?? terminal.paint('red', row.refusal ?? '-')
  const tokens = row.outcome
    ? `${row.outcome.promptTokens ?? '?'}+${row.outcome.completionTokens ?? '?'}`
    : ''
  const took = row.outcome
    ? `${row.outcome.totalMs} ms`
    : terminal.say({ en: 'running', fr: 'en cours' })
  const what = Object.entries(row.findings).map(([type, count]) =>
    count > 1 ? `${type}x${count}` : type,
  )
  return [
    terminal.paint('dim', time),
    row.id,
    paintClass(terminal, row).padEnd(12),
    `${row.model} -> ${where}${row.zone ? ` (${row.zone})` : ''}`,
    // a refusal is told already where the destination would stand
    row.destination === null ? '' : (row.outcome?.code ?? row.outcome?.status ?? ''),
    tokens,
    took,
    what.join(' '),
  ]
    .filter((cell) => cell !== '')
    .join('  ')
}

const Checkpoints = z.array(
  z.object({ writer: z.string(), seq: z.number().int(), hash: z.string() }),
)

async function verify(args: Parsed, context: Context, evidence: EvidenceReader): Promise<ExitCode> {
  const { terminal } = context
  const anchors = readCheckpoints(textOption(args, 'checkpoint'))
  if (anchors === null) {
    terminal.note(
      terminal.say({
        en: 'the checkpoint file is not readable',
        fr: 'le fichier de point de contrôle est illisible',
      }),
    )
    return 2
  }
  const report = await verifyLedger(evidence, { heads: anchors })
  if (terminal.json) terminal.out(JSON.stringify(report))
  else if (report.firstProblem) {
    const { writer, seq, id, problem } = report.firstProblem
    terminal.out(
      terminal.paint(
        'red',
        terminal.say({ en: 'The evidence was altered', fr: 'Les preuves ont été altérées' }),
      ) + ` : ${problem}, ${writer} #${seq}${id === null ? '' : ` (${id})`}`,
    )
  } else {
    terminal.out(
      terminal.say({
        en: `${report.records} records, every link holds${report.erased > 0 ? `, ${report.erased} erased` : ''}.`,
        fr: `${report.records} enregistrements, chaque maillon tient${report.erased > 0 ? `, ${report.erased} effacés` : ''}.`,
      }),
    )
    if (report.anchored.length === 0) {
      terminal.note(
        terminal.say({
          en: 'A truncation shows only against a checkpoint kept elsewhere: `ecluse audit checkpoint > FILE`.',
          fr: 'Une troncature ne se voit que face à un point de contrôle gardé ailleurs : `ecluse audit checkpoint > FICHIER`.',
        }),
      )
    }
  }
  return report.ok ? 0 : 1
}

async function checkpoint(context: Context, evidence: EvidenceReader): Promise<ExitCode> {
  const report = await verifyLedger(evidence)
  context.terminal.out(JSON.stringify(report.heads))
  return report.ok ? 0 : 1
}

function readCheckpoints(path: string | undefined): readonly Checkpoint[] | null {
  if (path === undefined) return []
  try {
    const read = Checkpoints.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return read.success ? read.data : null
  } catch {
    return null
  }
}
