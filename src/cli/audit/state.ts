import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { ZONES } from '#kernel/destination.ts'
import { CATEGORIES, CLASSES } from '#kernel/label.ts'
import {
  FlowCount,
  statementText,
  type Answer,
  type Place,
  type Question,
} from '#ledger/evidence/statement.ts'
import { verifyLedger, type VerifyReport } from '#ledger/verify.ts'
import {
  textOption,
  type Context,
  type EvidenceReader,
  type ExitCode,
  type Parsed,
} from '../command.ts'
import type { Terminal } from '../terminal.ts'

const Asked = z
  .object({
    category: z.enum(CATEGORIES).optional(),
    class: z.enum(CLASSES).optional(),
    organisation: z.string().optional(),
    from: z.coerce.date().transform(Number),
    to: z.coerce.date().transform(Number),
    inside: z
      .string()
      .default('device,on-prem')
      .transform((text) => text.split(','))
      .pipe(z.array(z.enum(ZONES)).min(1)),
  })
  .refine(({ category, class: of }) => category !== undefined || of !== undefined, {
    path: ['category'],
  })

/**
 * `audit prove --category C --from A --to B`: whether requests with that label left the given zones, from every record of
 * the ledger, each verified on the way; signed, so that others can check who says so.
 */
export async function state(
  args: Parsed,
  context: Context,
  evidence: EvidenceReader,
): Promise<ExitCode> {
  const { terminal } = context
  const asked = Asked.safeParse(args.values)
  if (!asked.success) {
    const issue = asked.error.issues[0]
    terminal.note(`--${issue?.path.join('.') ?? '?'}: ${issue?.message ?? '?'}`)
    return 3
  }
  const {
    organisation = null,
    category = null,
    class: of = null,
    from: since,
    to: until,
    inside,
  } = asked.data
  const question: Question = { tenant: organisation, category, class: of, since, until, inside }
  const count = new FlowCount(question, (version) => evidence.document('catalogue', version))
  const report = await readAll(evidence, count)
  if (report.interrupted) {
    terminal.note(
      terminal.say({ en: 'stopped: nothing is stated', fr: "arrêté : rien n'est attesté" }),
    )
    return 2
  }
  const at = Date.now()
  const signed = await evidence.sign((key) => statementText(question, count, { report, at, key }))
  const text = signed?.text ?? statementText(question, count, { report, at, key: '' })
  const file = JSON.stringify({ statement: text, signature: signed?.signature ?? null })
  const output = textOption(args, 'output')
  if (output !== undefined) writeFileSync(output, `${file}\n`, { mode: 0o600 })
  if (terminal.json) terminal.out(file)
  else tell({ question, answer: count.answer(), places: count.places(), report }, terminal)
  if (!signed) {
    terminal.note(
      terminal.say({
        en: 'Not signed: the key of the checkpoints is not on this machine.',
        fr: "Pas signé : la clé des points de contrôle n'est pas sur cette machine.",
      }),
    )
  }
  if (!report.ok) return 2
  return count.answer().outside === 0 ? 0 : 1
}

async function readAll(evidence: EvidenceReader, count: FlowCount): Promise<VerifyReport> {
  const known = await evidence.knownKeys((await evidence.signed.keys()).length)
  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort())
  const report = await verifyLedger(evidence, {
    evidence: evidence.signed,
    ...(known ? { trust: { keys: known } } : {}),
    signal: stopping.signal,
    each: (record) => count.add(record),
    progress: (records) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${records}`)
    },
  })
  if (process.stderr.isTTY) process.stderr.write('\r')
  await count.end((id) => evidence.byId(id))
  return report
}

interface Told {
  readonly question: Question
  readonly answer: Answer
  readonly places: readonly Place[]
  readonly report: VerifyReport
}

function tell({ question, answer, places, report }: Told, terminal: Terminal): void {
  const label = [question.category, question.class].filter((one) => one !== null).join(', ')
  const zones = question.inside.join(', ')
  const { requests, outside, outsideMasked, inside, refused, fromCache } = answer
  terminal.out(
    terminal.say({
      en: `${outside === 0 ? 'No' : outside} request of ${requests} with ${label} left ${zones} with that label.`,
      fr: `${outside === 0 ? 'Aucune requête' : `${outside} requêtes`} sur ${requests} avec ${label} ${outside === 0 ? "n'a" : 'ont'} quitté ${zones} avec ce label.`,
    }),
  )
  terminal.out(
    terminal.say({
      en: `  inside ${inside}, outside but masked ${outsideMasked}, refused ${refused}, from a cache ${fromCache}; unreadable, and so counted, ${answer.undetermined}; without an outcome ${answer.withoutOutcome}`,
      fr: `  dedans ${inside}, dehors mais masquées ${outsideMasked}, refusées ${refused}, d'un cache ${fromCache} ; illisibles, donc comptées, ${answer.undetermined} ; sans issue ${answer.withoutOutcome}`,
    }),
  )
  const masked = terminal.say({ en: ', masked', fr: ', masqué' })
  for (const place of places) {
    terminal.out(
      `  ${place.destination} (${place.zone}${place.masked ? masked : ''})  ${place.requests}`,
    )
  }
  const { records, erased, firstProblem } = report
  terminal.out(
    firstProblem
      ? terminal.say({
          en: `The evidence was altered: ${firstProblem.problem}, ${firstProblem.writer} #${firstProblem.seq}. Nothing is proved.`,
          fr: `Les preuves ont été altérées : ${firstProblem.problem}, ${firstProblem.writer} #${firstProblem.seq}. Rien n'est prouvé.`,
        })
      : terminal.say({
          en: `  ${records} records read, every link holds; ${erased} were erased and cannot be counted.`,
          fr: `  ${records} enregistrements lus, chaque maillon tient ; ${erased} effacés ne peuvent être comptés.`,
        }),
  )
}
