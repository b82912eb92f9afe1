import type { Config } from '#config/types.ts'
import type { DecisionEvent } from '#ledger/event.ts'
import { readEvent } from '#ledger/read-event.ts'
import { ChangeCounts, type Change, type ChangeView } from '#policy/compare.ts'
import { decide } from '#policy/decide.ts'
import type { Policy } from '#policy/document.ts'
import type { Gate } from '#policy/gate.ts'
import { recordedFacts } from '#policy/replay.ts'
import { storedPolicy } from '#policy/stored-policy.ts'
import type { Context, EvidenceReader, ExitCode } from '../command.ts'
import type { Said, Terminal } from '../terminal.ts'

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Decides the recorded requests again under the policy of the file: what would change, by class and destination. */
export async function simulatePolicy(
  since: string,
  config: Config,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context
  const from = startOf(since)
  if (from === null) {
    terminal.note('--since 12h | 7d | 4w | 2026-01-31')
    return 3
  }
  const opened = await context.evidence(config)
  if (!opened.ok) {
    terminal.note(terminal.say(opened.error))
    return 2
  }
  try {
    const { gate } = await context.offline(config)
    const view = await simulated(from, gate, opened.value, terminal)
    if (terminal.json) {
      terminal.out(JSON.stringify({ policyVersion: gate.policy().version, since: from, ...view }))
      return 0
    }
    show(view, terminal)
    return 0
  } finally {
    await opened.value.close()
  }
}

/** Rows read at a time. */
const PAGE = 500

/** Both policies decide on the destinations of today: what differs is what the policy does. */
async function simulated(
  since: number,
  gate: Gate,
  evidence: EvidenceReader,
  terminal: Terminal,
): Promise<ChangeView & { readonly unread: number }> {
  const counts = new ChangeCounts()
  const policies = new Map<string, Policy | null>()
  const policyOfDay = async (version: string): Promise<Policy | null> => {
    const known = policies.get(version)
    if (known !== undefined) return known
    const json = await evidence.document('policy', version)
    const read = json === null ? null : storedPolicy(json, version)
    policies.set(version, read)
    return read
  }
  let unread = 0
  let seen = 0
  let before: string | undefined
  do {
    const page = await evidence.read({ type: 'decision', since, before, limit: PAGE })
    if (!page.ok) break
    for (const { payload } of page.value.rows) {
      const event = payload === null ? null : readEvent(payload)
      const policy = event?.type === 'decision' ? await policyOfDay(event.policy) : null
      if (event?.type !== 'decision' || !policy) {
        unread += 1
        continue
      }
      const facts = recordedFacts(recorded(event))
      const catalogue = gate.catalogue()
      counts.add(
        event.class,
        decide(facts, policy, catalogue, {}),
        decide(facts, gate.policy(), catalogue, {}),
      )
    }
    seen += page.value.rows.length
    terminal.status(terminal.say({ en: `${seen} requests`, fr: `${seen} requêtes` }))
    before = page.value.next ?? undefined
  } while (before !== undefined)
  terminal.status(null)
  return { ...counts.view(), unread }
}

const recorded = (event: DecisionEvent): Parameters<typeof recordedFacts>[0] => event

function show(view: ChangeView & { readonly unread: number }, terminal: Terminal): void {
  const { requests, same } = view
  terminal.out(
    terminal.say({
      en: `${requests} requests, ${same} as before.`,
      fr: `${requests} requêtes, ${same} comme avant.`,
    }),
  )
  for (const { class: dataClass, change, from, to, requests: count } of view.moved) {
    const where = `${from ?? '-'} -> ${to ?? '-'}`
    terminal.out(
      `  ${String(count).padStart(7)}  ${dataClass.padEnd(12)} ${where}  ${terminal.say(CHANGES[change])}`,
    )
  }
  if (view.unread > 0) {
    terminal.note(
      terminal.say({
        en: `${view.unread} could not be read again: erased, or their policy is not kept.`,
        fr: `${view.unread} n'ont pu être relues : effacées, ou leur politique n'est pas conservée.`,
      }),
    )
  }
}

const CHANGES: Readonly<Record<Change, Said>> = {
  same: { en: 'as before', fr: 'comme avant' },
  'refused-now': { en: 'would be refused', fr: 'seraient refusées' },
  'allowed-now': { en: 'would be served', fr: 'seraient servies' },
  'goes-elsewhere': { en: 'would go elsewhere', fr: 'iraient ailleurs' },
}

/** The beginning of a span such as `7d`, or a date; null when it is neither. */
function startOf(text: string): number | null {
  const span = /^(\d{1,4})([hdw])$/.exec(text)
  if (span) return Date.now() - Number(span[1]) * (UNITS[span[2] ?? ''] ?? 0)
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at
}
