import { z } from 'zod'
import { adminProblem, type AdminClient } from '../admin-client.ts'
import { filtered, refusedAnswer } from '../admin-table.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import { table } from '../terminal.ts'
import { withAdmin } from '../with-admin.ts'
import { wrapped } from '../wrap.ts'
import { BillRow, billLine, STATES } from './bom-row.ts'
import { writeOut } from './write-out.ts'

const List = z.object({ bills: z.array(BillRow), next: z.string().nullable() })
const Then = BillRow.extend({ bom: z.record(z.string(), z.unknown()).nullable() })

/** `ecluse models bom ls`: the bills that were kept, newest first. */
export const listBills = (args: Parsed, context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const { terminal } = context
    const names = ['since', 'until', 'gateway', 'after', 'limit']
    const answer = await admin.request('GET', filtered('/api/bom/history', args, names))
    const read = List.safeParse(answer.body)
    if (!read.success) return refusedAnswer(context, answer)
    const { bills, next } = read.data
    if (terminal.json) terminal.out(JSON.stringify(bills))
    else showRows(bills, context)
    if (next !== null)
      terminal.note(
        terminal.say({ en: `There are more: --after ${next}`, fr: `La suite : --after ${next}` }),
      )
    return 0
  })

function showRows(bills: readonly BillRow[], { terminal }: Context): void {
  const head = terminal.say({
    en: 'SINCE COMPONENTS DIGEST BY GATEWAY',
    fr: 'DEPUIS COMPOSANTS EMPREINTE PAR PASSERELLE',
  })
  const cells = bills.map(({ at, components, digest, actor, gateway, state }) => [
    new Date(at).toISOString(),
    String(components),
    `${digest.slice(0, 16)}…`,
    actor,
    `${gateway}${state === 'kept' ? '' : `  ${terminal.say(STATES[state])}`}`,
  ])
  for (const line of table(head.split(' '), cells)) terminal.out(line)
}

/** `ecluse models bom show WHEN`: the bill in force then, as a document. */
export const showBill = (when: string, args: Parsed, context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const { terminal } = context
    const path = filtered(`/api/bom/history/${encodeURIComponent(when)}`, args, ['gateway'])
    const answer = await admin.request('GET', path)
    const read = Then.safeParse(answer.body)
    if (!read.success) return refusedAnswer(context, answer)
    const { bom, ...row } = read.data
    if (bom === null) {
      terminal.note(`${billLine(row)}: ${terminal.say(STATES[row.state])}`)
      return 2
    }
    const text = JSON.stringify(bom, null, 2)
    const out = textOption(args, 'out')
    if (out === undefined) terminal.out(text)
    else {
      if (!(await writeOut(out, `${text}\n`, terminal))) return 2
      terminal.note(`${out}: ${billLine(row)}`)
    }
    return 0
  })

/** Bills asked for at once. */
const PAGE = 500

/** `ecluse models bom verify`: whether every bill that the ledger tells of is what it was. */
export const verifyBills = (context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const { terminal } = context
    const counts = { kept: 0, 'let-go': 0, missing: 0, altered: 0 }
    for (let after: string | null = ''; after !== null;) {
      const page = await pageOf(admin, after)
      if ('problem' in page) {
        terminal.note(adminProblem(page.problem, terminal.language))
        return 2
      }
      for (const row of page.bills) {
        counts[row.state] += 1
        if (terminal.json || row.state === 'kept' || row.state === 'let-go') continue
        terminal.out(terminal.paint('red', `${billLine(row)}  ${terminal.say(STATES[row.state])}`))
      }
      after = page.next
    }
    const isWhole = counts.missing + counts.altered === 0
    if (terminal.json) terminal.out(JSON.stringify({ isWhole, ...counts }))
    else {
      const said = terminal.say({
        en: `As the ledger says: ${counts.kept}; let go: ${counts['let-go']}; missing: ${counts.missing}; altered: ${counts.altered}. The ledger itself: \`ecluse audit verify\`.`,
        fr: `Conformes au registre : ${counts.kept} ; plus conservées : ${counts['let-go']} ; absentes : ${counts.missing} ; altérées : ${counts.altered}. Le registre lui-même : \`ecluse audit verify\`.`,
      })
      for (const line of wrapped(said, terminal.columns)) terminal.out(line)
    }
    return isWhole ? 0 : 1
  })

async function pageOf(
  admin: AdminClient,
  after: string,
): Promise<
  z.infer<typeof List> | { readonly problem: Awaited<ReturnType<AdminClient['request']>> }
> {
  const query = after === '' ? '' : `&after=${after}`
  const answer = await admin.request('GET', `/api/bom/history?limit=${PAGE}${query}`)
  const read = List.safeParse(answer.body)
  return read.success ? read.data : { problem: answer }
}

const Kept = z.object({ isNew: z.boolean() })

/** `ecluse models bom keep`: keeps the bill of now where it says something else than the last one. */
export const keepBill = (context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const { terminal } = context
    const answer = await admin.request('POST', '/api/bom/history')
    const read = Kept.safeParse(answer.body)
    if (!read.success) return refusedAnswer(context, answer)
    if (terminal.json) terminal.out(JSON.stringify(read.data))
    else
      terminal.out(
        terminal.say(
          read.data.isNew
            ? { en: 'Kept.', fr: 'Conservée.' }
            : { en: 'As the last one: nothing to keep.', fr: 'Comme la dernière : rien à garder.' },
        ),
      )
    return 0
  })

/** After a command changed what is here and no gateway runs that would notice: a bill that cannot be kept is said, and fails nothing. */
export async function keepBillAfter(admin: AdminClient, context: Context): Promise<void> {
  const config = await context.config()
  // this process holds the data directory itself where nothing else does
  if (!config || isOther(context.holder(config))) return
  const answer = await admin.request('POST', '/api/bom/history')
  if (answer.status >= 300) context.terminal.note(adminProblem(answer, context.terminal.language))
}

const isOther = (holder: ReturnType<Context['holder']>): boolean =>
  holder !== null && holder.pid !== process.pid
