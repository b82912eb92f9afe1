import { explainRefused, explainVerdict } from '#policy/explain.ts'
import { leftOutByReplay, replay } from '#policy/replay.ts'
import { storedPolicy } from '#policy/stored-policy.ts'
import { Buffer } from 'node:buffer'
import type { DecisionEvent, StoredRecord } from '#ledger/event.ts'
import { readEvent } from '#ledger/read-event.ts'
import type { Context, EvidenceReader, ExitCode } from './command.ts'
import { paintClass } from './paint.ts'
import type { Said } from './terminal.ts'

/** One decision in full: label, verdict decided again from the stored documents, outcome, and its place in the chain. */
export async function showDecision(
  id: string,
  context: Context,
  evidence: EvidenceReader,
): Promise<ExitCode> {
  const { terminal } = context
  const records = await evidence.byId(id)
  const events = records.map((record) => ({
    record,
    event: record.payload === null ? null : readEvent(record.payload),
  }))
  const decision = events.map(({ event }) => event).find((event) => event?.type === 'decision')
  const outcome = events.map(({ event }) => event).find((event) => event?.type === 'outcome')
  if (records.length === 0) {
    terminal.note(terminal.say({ en: `no record ${id}`, fr: `pas d'enregistrement ${id}` }))
    return 1
  }
  const decided = decision?.type === 'decision' ? await decidedAgain(decision, evidence) : null
  const verdict = decided?.verdict ?? null
  const chain = records.map(chainView)
  if (terminal.json) {
    const refused = verdict?.refused ?? null
    const allowed =
      verdict?.allowed.map((c) => ({
        destination: c.destination.id,
        model: c.model.name,
        zone: c.zone,
      })) ?? null
    terminal.out(
      JSON.stringify({
        id,
        decision: decision ?? null,
        outcome: outcome ?? null,
        allowed,
        refused,
        leftOut: decided?.leftOut ?? [],
        chain,
      }),
    )
    return 0
  }
  if (decision?.type === 'decision') {
    terminal.out(`${terminal.paint('bold', id)}  ${new Date(records[0]?.at ?? 0).toISOString()}`)
    terminal.out(`${paintClass(terminal, decision)}  ${decision.categories.join(', ')}`.trimEnd())
    for (const [type, count] of Object.entries(decision.findings))
      terminal.out(`  ${type} x ${count}`)
    if (verdict) {
      terminal.out(explainVerdict(verdict, terminal.language))
      for (const refused of verdict.refused) {
        terminal.out(
          `  ${terminal.paint('red', 'x')} ${explainRefused(refused, verdict, terminal.language)}`,
        )
      }
    }
    for (const line of replayNotes(decided?.leftOut ?? [])) terminal.note(terminal.say(line))
    terminal.out(
      `${terminal.say({ en: 'policy', fr: 'politique' })} ${decision.policy}, catalogue ${decision.catalogue}`,
    )
  }
  if (outcome?.type === 'outcome') {
    const tokens = `${outcome.promptTokens ?? '?'} + ${outcome.completionTokens ?? '?'}`
    terminal.out(
      `${outcome.status}${outcome.code ? ` (${outcome.code})` : ''}  ${outcome.destination ?? '-'}  ${tokens} tokens  ${outcome.totalMs} ms`,
    )
  }
  if (outcome?.type === 'outcome' && outcome.sentTo) {
    terminal.out(`${terminal.say({ en: 'sent to', fr: 'envoyée à' })} ${outcome.sentTo.join(', ')}`)
  }
  for (const { seq, type, leaf } of chain)
    terminal.out(terminal.paint('dim', `#${seq} ${type} leaf ${leaf}`))
  return 0
}

async function decidedAgain(decision: DecisionEvent, evidence: EvidenceReader) {
  const policy = await evidence.document('policy', decision.policy)
  const catalogue = await evidence.document('catalogue', decision.catalogue)
  if (policy === null || catalogue === null) return null
  const verdict = replay(decision, { policy, catalogue })
  const read = storedPolicy(policy, decision.policy)
  return verdict.ok ? { verdict: verdict.value, leftOut: read ? leftOutByReplay(read) : [] } : null
}

/** What the order was made by that the ledger does not keep. */
const replayNotes = (leftOut: readonly string[]): readonly Said[] =>
  leftOut.length === 0
    ? []
    : [
        {
          en: `Decided again with the figures of the configuration alone: the order by ${leftOut.join(', ')}, measured then, is not kept.`,
          fr: `Décidé à nouveau avec les seuls chiffres de la configuration : l'ordre par ${leftOut.join(', ')}, mesuré alors, n'est pas conservé.`,
        },
      ]

const chainView = (record: StoredRecord) => ({
  seq: record.seq,
  type: record.type,
  at: record.at,
  leaf: Buffer.from(record.leaf).toString('hex'),
})
