import { usageIn } from '../usage-words.ts'
import type { CompanyProfile } from '#models/licences/profile.ts'
import { judge, type Judged, type Judgement, type LicenceVerdict } from '#models/licences/judge.ts'
import type { Licence } from '#models/licences/licence.ts'
import { writeNotice } from '#models/licences/notice.ts'
import type { LicenceClaims } from '#models/licences/read-claims.ts'
import { recognise } from '#models/licences/recognise.ts'
import { printable } from '#kernel/printable.ts'
import { textOption, type ExitCode } from '../command.ts'
import type { Said, Terminal } from '../terminal.ts'
import { CONDITIONS } from './condition-words.ts'
import { inWords } from './admission-words.ts'
import { claimsOfWord } from './claims-of-word.ts'
import { writeOut } from './write-out.ts'
import type { ModelsSubcommand } from './subcommand.ts'

const VERDICTS: Readonly<Record<LicenceVerdict, Said>> = {
  allow: { en: 'allowed', fr: 'permis' },
  'allow-with-duties': { en: 'allowed, with duties', fr: 'permis, avec des devoirs' },
  'needs-legal': { en: 'ask a lawyer', fr: 'demander à un juriste' },
  block: { en: 'not allowed', fr: 'interdit' },
}

const REASONS: Readonly<Record<Judgement['reasons'][number], Said>> = {
  'licence-unknown': { en: 'its licence is not known', fr: "sa licence n'est pas connue" },
  'text-resembles-only': {
    en: 'its licence text resembles a known one, and is not the same: something was changed',
    fr: 'son texte de licence ressemble à un texte connu sans être le même : on y a changé quelque chose',
  },
  'tag-contradicts-text': {
    en: 'its metadata names another licence than its text',
    fr: 'ses métadonnées nomment une autre licence que son texte',
  },
}

/** `ecluse models licence`. */
export const licenceSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Recognise the licence of a model and judge it for this company (section `company:`)',
    fr: "Reconnaître la licence d'un modèle et la juger pour cette entreprise (section `company:`)",
  },
  usage: 'PATH|NAME [--notice FILE]',
  options: { notice: { type: 'string' } },
  async run(args, context) {
    const [word] = args.positionals
    if (word === undefined) {
      context.terminal.note(
        `ecluse models licence ${usageIn(licenceSubcommand.usage, context.terminal.language)}`,
      )
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const claims = await claimsOfWord(word, context.paths(config).models)
    if (claims === null) {
      context.terminal.note(
        context.terminal.say({
          en: `No path, stored model or row of the catalogue: ${printable(word)}. \`ecluse models catalogue\` lists the rows.`,
          fr: `Ni chemin, ni modèle en réserve, ni ligne du catalogue : ${printable(word)}. \`ecluse models catalogue\` liste les lignes.`,
        }),
      )
      return 2
    }
    const notice = textOption(args, 'notice')
    return await show(claims, config.company, context.terminal, notice)
  },
}

async function show(
  { name, claims, text, file, family, bases }: LicenceClaims,
  company: CompanyProfile,
  terminal: Terminal,
  notice: string | undefined,
): Promise<ExitCode> {
  const judgement = judge(claims, company, {
    modalities: family?.modalities ?? null,
    isDerived: bases.length > 0,
  })
  const licences = claims.map(licenceOf).filter((one) => one !== null)
  const exit = judgement.verdict === 'block' || judgement.verdict === 'needs-legal' ? 1 : 0
  const written = notice === undefined ? null : writeNotice(name, licences, judgement, text)
  if (notice !== undefined && !(await writeOut(notice, written ?? '', terminal))) return 2
  if (terminal.json) {
    const ids = licences.map(({ id }) => id)
    const recognised = text === null ? null : recognise(text).kind
    terminal.out(
      JSON.stringify({ model: name, licences: ids, recognised, file, bases, ...judgement }),
    )
    return exit
  }
  const colour = exit === 1 ? 'red' : 'green'
  terminal.out(
    `${printable(name)}${terminal.say({ en: ':', fr: ' :' })} ${terminal.paint(colour, terminal.say(VERDICTS[judgement.verdict]))}`,
  )
  for (const [at, claim] of claims.entries())
    terminal.out(`  ${claimLine(claim, at === 0 ? null : (bases[at - 1] ?? ''), terminal)}`)
  for (const reason of judgement.reasons) terminal.out(`  ! ${terminal.say(REASONS[reason])}`)
  list({ en: 'Not allowed', fr: 'Interdit' }, judgement.blocking, terminal)
  list({ en: 'To be cleared', fr: 'À éclaircir' }, judgement.legal, terminal)
  list({ en: 'Duties', fr: 'Devoirs' }, judgement.duties, terminal)
  list({ en: 'To be remembered', fr: 'À retenir' }, judgement.later, terminal)
  return exit
}

const licenceOf = ({ text, tag }: LicenceClaims['claims'][number]): Licence | null =>
  text !== null && text.kind !== 'unknown' ? text.licence : tag

function claimLine(
  claim: LicenceClaims['claims'][number],
  base: string | null,
  terminal: Terminal,
): string {
  const licence = licenceOf(claim)
  const named =
    licence === null
      ? terminal.say({ en: 'unknown', fr: 'inconnue' })
      : `${licence.name} (${licence.letter})`
  const how =
    claim.text?.kind === 'exact'
      ? { en: 'by its text', fr: 'par son texte' }
      : claim.text?.kind === 'resembles'
        ? {
            en: `its text is alike to ${percent(claim.text.similarity)} %`,
            fr: `son texte est semblable à ${percent(claim.text.similarity)} %`,
          }
        : {
            en: 'by its name alone, no text was looked at',
            fr: "par son seul nom, aucun texte n'a été lu",
          }
  const of = base === null ? '' : `${printable(base)}: `
  return `${of}${named}, ${terminal.say(how)}`
}

/** Two texts that are not the same are never alike to a hundred. */
const percent = (share: number): number => Math.min(99, Math.round(share * 100))

function list(head: Said, rows: readonly Judged[], terminal: Terminal): void {
  if (rows.length === 0) return
  terminal.out(`${terminal.say(head)}${terminal.say({ en: ':', fr: ' :' })}`)
  for (const { licence, condition, missing } of rows) {
    const asked = missing.length > 0 ? `  [company: ${missing.map(snake).join(', ')} ?]` : ''
    const when = typeof condition.threshold === 'string' ? `${condition.threshold}: ` : ''
    terminal.out(
      `  ${inWords(CONDITIONS, condition.kind, terminal)}: ${when}${condition.obligation} (${licence}, ${condition.citation ?? '-'})${asked}`,
    )
  }
}

/** The name of a figure as the configuration writes it. */
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (one) => `_${one.toLowerCase()}`)
