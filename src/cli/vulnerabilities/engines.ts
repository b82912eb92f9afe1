import { z } from 'zod'
import type { EngineView } from '#models/vulnerabilities/view.ts'
import { adminProblem } from '../admin-client.ts'
import type { Context, ExitCode, Parsed } from '../command.ts'
import { withAdmin } from '../with-admin.ts'
import { usageOf, warnBroken } from './catalogue.ts'
import { flawFilter, leastCvss } from './filter.ts'
import { findingEnd, flawLine, VERSION_WORDS } from './words.ts'

const Answer = z.object({
  // the shape is that of the route, in this same program
  engines: z.array(z.custom<EngineView>((one) => typeof one === 'object' && one !== null)),
  known: z.object({ shipped: z.string(), broken: z.array(z.string()) }),
})

/** `ecluse vulnerabilities`: each engine with what concerns it. */
export async function listEngines(args: Parsed, context: Context): Promise<ExitCode> {
  const [isShown, least] = [flawFilter(args), leastCvss(args)]
  if (isShown === null || least === null) {
    return usageOf('[engines] [--product P] [--severity S] [--min-cvss N] [--all]', context)
  }
  return withAdmin(context, async (admin) => {
    const answer = await admin.request('GET', '/api/vulnerabilities')
    const read = Answer.safeParse(answer.body)
    const { terminal } = context
    if (!read.success) {
      terminal.note(adminProblem(answer, terminal.language))
      return 2
    }
    const showsAll = args.values['all'] === true
    const product = args.values['product']
    const engines = read.data.engines
      .filter((engine) => product === undefined || engine.product === product)
      .map((engine) => ({
        ...engine,
        findings: engine.findings.filter(
          (row) => isShown(row) && (showsAll || row.counts || row.standing === 'review'),
        ),
      }))
    if (terminal.json) terminal.out(JSON.stringify(engines))
    else {
      for (const engine of engines) showEngine(engine, context)
      if (engines.length === 0)
        terminal.note(terminal.say({ en: 'No engine here.', fr: 'Aucun moteur ici.' }))
    }
    warnBroken(read.data.known.broken, context)
    const isOver = (cvss: number | null): boolean =>
      args.values['min-cvss'] !== undefined && (cvss ?? 0) >= least
    return engines.some(({ exceeds, cvss }) => exceeds.length > 0 || isOver(cvss)) ? 1 : 0
  })
}

function showEngine(engine: EngineView, { terminal }: Context): void {
  const { destination, product, name, version, versionFrom, cvss, configured, exceeds } = engine
  const unknown = terminal.say({ en: 'version unknown', fr: 'version inconnue' })
  const what =
    product === null
      ? terminal.say({ en: 'engine unknown', fr: 'moteur inconnu' })
      : `${name ?? product} ${version ?? unknown}`
  const from =
    product === null || versionFrom === 'unknown'
      ? ''
      : ` (${terminal.say(VERSION_WORDS[versionFrom])})`
  const counting = engine.findings.filter(({ counts }) => counts).length
  const score =
    cvss === null
      ? terminal.say({ en: 'nobody looked', fr: "personne n'a regardé" })
      : terminal.paint(
          cvss === 0 ? 'green' : cvss >= 7 ? 'red' : 'yellow',
          `CVSS ${cvss.toFixed(1)}`,
        )
  const given =
    configured === null
      ? ''
      : terminal.say({ en: `, configured ${configured}`, fr: `, configuré ${configured}` })
  terminal.out(`${terminal.paint('bold', destination)}  ${what}${from}  ${score}${given}`)
  if (exceeds.length > 0) {
    terminal.out(
      terminal.paint(
        'red',
        terminal.say({
          en: `  above max_cvss of: ${exceeds.join(', ')}. What these rules allow does not go there.`,
          fr: `  au-dessus de max_cvss de : ${exceeds.join(', ')}. Ce que ces règles permettent n'y va pas.`,
        }),
      ),
    )
  }
  if (version === null && counting > 0) {
    terminal.out(
      terminal.say({
        en: '  The version is not known, so the worst of all versions counts. Say it: `engine: {name: ..., version: ...}` of the destination.',
        fr: '  La version est inconnue : le pire de toutes compte. Dites-la : `engine: {name: ..., version: ...}` de la destination.',
      }),
    )
  }
  for (const row of engine.findings)
    terminal.out(flawLine(row, findingEnd(row, terminal), terminal))
}
