import { setTimeout as sleep } from 'node:timers/promises'
import type { DecisionRow } from '#ledger/decision-row.ts'
import type { LedgerQuery } from '#ledger/ports.ts'
import type { Command, Context, EvidenceReader, ExitCode, Parsed } from '../command.ts'
import { exportEvidence } from '../audit/export.ts'
import {
  listCheckpoints,
  listKeys,
  proveDecision,
  proveHistory,
  rotateKey,
} from '../audit/checkpoints.ts'
import { Filters } from '../audit/filters.ts'
import { state } from '../audit/state.ts'
import { checkpoint, verify } from '../audit/verify.ts'
import { showDecision } from '../show-decision.ts'
import { paintClass } from '../paint.ts'
import type { Terminal } from '../terminal.ts'

/** Milliseconds between two looks at the ledger while following it. */
const FOLLOW_MS = 500

/** `ecluse audit`: the evidence, read from the database file itself, whether or not a gateway runs. */
export const audit: Command = {
  name: 'audit',
  summary: { en: 'Read and verify the evidence', fr: 'Lire et vérifier les preuves' },
  usage:
    'tail [-f] | show ID | prove ID | prove --category C --from A --to B [-o F] | verify [--anchor F] | checkpoint | checkpoints | consistency A B | keys | rotate-key | export -o F',
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
    from: { type: 'string' },
    to: { type: 'string' },
    inside: { type: 'string' },
    organisation: { type: 'string' },
    model: { type: 'string' },
    team: { type: 'string' },
    application: { type: 'string' },
    type: { type: 'string' },
    checkpoint: { type: 'string' },
    anchor: { type: 'string' },
    'public-key': { type: 'string' },
    format: { type: 'string' },
    output: { type: 'string', short: 'o' },
  },
  details: {
    en: 'Filters of tail and export: --class --category --destination --key --model --team --application --type --refused --since --until (ISO 8601) --limit. `verify --anchor F` compares with the checkpoints that were handed out to F, `--public-key HEX` says which key must have signed, `--since` begins at the last checkpoint before that time. `prove --category C --from A --to B` states, signed, whether requests with that label (or `--class`) left your zones (`--inside device,on-prem`); exit code 1 when some did. `consistency A B` proves that checkpoint B holds A and all before it. `export --format jsonl|parquet -o F` goes on where it was stopped; scripts/verify-export.mjs checks a JSONL one without this program.',
    fr: 'Filtres de tail et export : --class --category --destination --key --model --team --application --type --refused --since --until (ISO 8601) --limit. `verify --anchor F` compare aux points de contrôle remis à F, `--public-key HEX` dit quelle clé a dû signer, `--since` commence au dernier point de contrôle avant cette date. `prove --category C --from A --to B` atteste, signé, si des requêtes de ce label (ou `--class`) ont quitté vos zones (`--inside device,on-prem`) ; code de sortie 1 si oui. `consistency A B` prouve que le point de contrôle B contient A et tous les précédents. `export --format jsonl|parquet -o F` reprend où il fut arrêté ; scripts/verify-export.mjs vérifie un export JSONL sans ce programme.',
  },
  async run(args, context) {
    const [verb, id] = args.positionals
    const config = await context.config()
    if (!config) return 2
    const opened = await context.evidence(config, verb === 'tail' ? 'live' : 'moment')
    if (!opened.ok) {
      context.terminal.note(context.terminal.say(opened.error))
      return 2
    }
    try {
      if (verb === 'tail') return await tail(args, context, opened.value)
      if (verb === 'show' && id !== undefined) return await showDecision(id, context, opened.value)
      if (verb === 'prove' && id !== undefined)
        return await proveDecision(id, context, opened.value)
      if (verb === 'prove') return await state(args, context, opened.value)
      if (verb === 'verify') return await verify(args, context, opened.value)
      if (verb === 'checkpoint') return await checkpoint(context, opened.value)
      if (verb === 'checkpoints') return await listCheckpoints(context, opened.value)
      if (verb === 'consistency')
        return await proveHistory(args.positionals.slice(1), context, opened.value)
      if (verb === 'keys') return await listKeys(context, opened.value)
      if (verb === 'rotate-key') return await rotateKey(context)
      if (verb === 'export') return await exportEvidence(args, context, opened.value)
    } finally {
      await opened.value.close()
    }
    context.terminal.note(`ecluse audit ${audit.usage}`)
    return 3
  },
}

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
