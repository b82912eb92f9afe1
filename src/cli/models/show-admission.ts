import { z } from 'zod'
import { printable } from '#kernel/printable.ts'
import { bytesText, table, type Said, type Terminal } from '../terminal.ts'
import {
  ACTS,
  ATTESTED,
  EVIDENCE,
  inWords,
  SEVERITIES,
  SOURCES,
  STATES,
  STOPS,
  VERDICTS,
} from './admission-words.ts'

const Text = z.string().nullable()
const Served = z.array(
  z.object({ destination: z.string(), model: z.string(), attested: z.string() }),
)

/** Weights in a list, as the admin API tells them. */
export const Row = z.looseObject({
  name: z.string(),
  digest: Text,
  format: Text,
  bytes: z.number().nullable(),
  state: Text,
  weights: z.string(),
  stopped: Text,
  source: z.object({ kind: z.string(), reference: z.string() }).nullable(),
  scan: z.object({ verdict: z.string(), scanner: z.string(), at: z.number() }).nullable(),
  licence: z.object({ id: Text, verdict: z.string() }).nullable(),
  isHere: z.boolean(),
  served: Served,
})
export type Row = z.infer<typeof Row>

const Recorded = z.looseObject({
  files: z.array(z.object({ path: z.string(), digest: z.string(), bytes: z.number() })),
  evidence: z.object({ kind: z.string(), detail: z.string(), by: z.string() }).nullable(),
  approval: z
    .object({ by: z.string(), at: z.number(), reason: Text, key: z.string(), isValid: z.boolean() })
    .nullable(),
  exceptions: z.array(
    z.object({
      kinds: z.array(z.string()),
      reason: z.string(),
      by: z.string(),
      expiresAt: z.number(),
      isValid: z.boolean(),
    }),
  ),
  scan: z
    .object({
      needs: z.array(z.string()),
      findings: z.array(z.object({ rule: z.string(), severity: z.string(), file: z.string() })),
      templates: z.array(z.object({ name: z.string(), sha256: z.string() })),
    })
    .nullable(),
  licence: z.object({ conditions: z.array(z.string()), inheritedFrom: Text }).nullable(),
  changes: z.array(
    z.object({ act: z.string(), state: z.string(), by: z.string(), reason: Text, at: z.number() }),
  ),
})

/** All that is recorded of weights; `record` is absent of weights that nobody has looked at. */
export const Full = Row.extend({ record: Recorded.optional() })
export type Full = z.infer<typeof Full>

const stateText = (state: string | null, terminal: Terminal): string =>
  state === null
    ? terminal.say({ en: 'not recorded', fr: 'non consigné' })
    : inWords(STATES, state, terminal)

/** Where weights stand for service, in a word. */
function serviceText({ weights, stopped }: Row, terminal: Terminal): string {
  if (stopped !== null) return terminal.paint('red', inWords(STOPS, stopped, terminal))
  const words: Readonly<Record<string, Said>> = {
    approved: { en: 'approved', fr: 'approuvé' },
    verified: { en: 'verified', fr: 'vérifié' },
    unverified: { en: 'where nothing is asked', fr: 'où rien n’est exigé' },
  }
  const text = inWords(words, weights, terminal)
  return weights === 'unverified' ? terminal.paint('yellow', text) : terminal.paint('green', text)
}

/** Weights as columns. */
export function showRows(rows: readonly Row[], terminal: Terminal): void {
  const head =
    terminal.language === 'fr'
      ? ['NOM', 'ÉTAT', 'SERT', 'FORMAT', 'TAILLE', 'LICENCE', 'EMPREINTE', 'SERVI PAR']
      : ['NAME', 'STATE', 'SERVES', 'FORMAT', 'SIZE', 'LICENCE', 'DIGEST', 'SERVED BY']
  const cells = rows.map((row) => [
    printable(row.name),
    stateText(row.state, terminal),
    serviceText(row, terminal),
    row.format ?? '-',
    row.bytes === null ? '-' : bytesText(row.bytes),
    row.licence?.id ?? '-',
    row.digest?.slice(0, 12) ?? '-',
    row.served
      .map(
        ({ destination, attested }) => `${destination} (${inWords(ATTESTED, attested, terminal)})`,
      )
      .join(', ') || '-',
  ])
  for (const line of table(head, cells)) terminal.out(line)
}

const time = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`

/** All that is recorded of weights, for a person. */
export function showFull(full: Full, terminal: Terminal): void {
  const { record } = full
  terminal.out(
    `${terminal.paint('bold', printable(full.name))}  ${stateText(full.state, terminal)}  ${terminal.say({ en: 'serves:', fr: 'sert :' })} ${serviceText(full, terminal)}`,
  )
  const line = (label: Said, text: string): void =>
    terminal.out(`  ${terminal.say(label).padEnd(14)}${text}`)
  if (full.digest !== null) line({ en: 'digest', fr: 'empreinte' }, `sha256:${full.digest}`)
  if (full.source !== null)
    line(
      { en: 'source', fr: 'source' },
      `${inWords(SOURCES, full.source.kind, terminal)}  ${printable(full.source.reference)}`,
    )
  for (const { destination, model, attested } of full.served)
    line(
      { en: 'served by', fr: 'servi par' },
      `${destination}/${printable(model)}  ${inWords(ATTESTED, attested, terminal)}`,
    )
  if (record === undefined) return
  line(
    { en: 'files', fr: 'fichiers' },
    `${record.files.length}, ${bytesText(full.bytes ?? 0)}, ${full.format ?? '-'}`,
  )
  showScan(full, record, line, terminal)
  showEvidence(record, line, terminal)
  showLicence(full, record, line, terminal)
  for (const { act, state, by, reason, at } of record.changes)
    terminal.out(
      terminal.paint(
        'dim',
        `  ${time(at)}  ${inWords(ACTS, act, terminal)} -> ${inWords(STATES, state, terminal)}  ${by}${reasonText(act, reason, terminal)}`,
      ),
    )
}

/** Why: what a person wrote, or the code of a step that none writes a reason for, in words. */
function reasonText(act: string, reason: string | null, terminal: Terminal): string {
  if (reason === null) return ''
  const words = {
    brought: SOURCES,
    scanned: VERDICTS,
    'licence-judged': VERDICTS,
    verified: EVIDENCE,
  }
  const own = Object.entries(words).find(([step]) => step === act)?.[1]
  const text = own ? inWords(own, reason.replace(/^source-/, ''), terminal) : reason
  return `  ${printable(text)}`
}

type Line = (label: Said, text: string) => void

function showScan(
  { scan }: Row,
  record: z.infer<typeof Recorded>,
  line: Line,
  terminal: Terminal,
): void {
  if (scan === null || record.scan === null) return
  const { needs, findings, templates } = record.scan
  const asked = needs.length === 0 ? '' : `  (${needs.join(', ')})`
  line(
    { en: 'scan', fr: 'analyse' },
    `${inWords(VERDICTS, scan.verdict, terminal)}${asked}  ${terminal.say({ en: 'rules', fr: 'règles' })} ${scan.scanner}  ${time(scan.at)}`,
  )
  for (const { rule, severity, file } of findings.slice(0, 10))
    line(
      { en: '', fr: '' },
      `${inWords(SEVERITIES, severity, terminal)}  ${rule}  ${printable(file)}`,
    )
  for (const { name, sha256 } of templates)
    line({ en: 'template', fr: 'gabarit' }, `${printable(name)}  sha256:${sha256.slice(0, 16)}…`)
}

function showEvidence(
  { evidence, approval, exceptions }: z.infer<typeof Recorded>,
  line: Line,
  terminal: Terminal,
): void {
  const no = terminal.say({ en: 'NOT valid', fr: 'NON valable' })
  if (evidence !== null)
    line(
      { en: 'verified', fr: 'vérifié' },
      `${inWords(EVIDENCE, evidence.kind, terminal)}  ${printable(evidence.detail)}  ${evidence.by}`,
    )
  if (approval !== null)
    line(
      { en: 'approved', fr: 'approuvé' },
      `${approval.by}  ${time(approval.at)}  ${terminal.say({ en: 'key', fr: 'clé' })} ${approval.key.slice(0, 16)}${approval.isValid ? '' : `  ${no}`}`,
    )
  for (const one of exceptions)
    line(
      { en: 'exception', fr: 'exception' },
      `${one.kinds.join(', ')}  -> ${time(one.expiresAt)}  ${one.by}  ${printable(one.reason)}${one.isValid ? '' : `  ${no}`}`,
    )
}

/** What it is, what the company may do under it, and what it asks for. */
function showLicence(
  { licence: judged }: Row,
  { licence }: z.infer<typeof Recorded>,
  line: Line,
  terminal: Terminal,
): void {
  if (judged === null) return
  const asked = licence?.conditions.join(', ') ?? ''
  const from = licence?.inheritedFrom ? `  (${printable(licence.inheritedFrom)})` : ''
  line(
    { en: 'licence', fr: 'licence' },
    `${printable(judged.id ?? '?')}  ${inWords(VERDICTS, judged.verdict, terminal)}${asked === '' ? '' : `  ${asked}`}${from}`,
  )
}
