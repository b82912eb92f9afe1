import type { Command, ExitCode, Parsed, Context } from '../command.ts'
import { checkVersions, listFlaws, scoreVectors, showFlaw } from '../vulnerabilities/catalogue.ts'
import { addStatement, importPaths } from '../vulnerabilities/import.ts'
import { listEngines } from '../vulnerabilities/engines.ts'

type Verb = (words: readonly string[], args: Parsed, context: Context) => Promise<ExitCode>

/** Everything after `ecluse vulnerabilities`; `engines` where nothing stands. */
const VERBS: Readonly<Record<string, Verb>> = {
  engines: (_, args, context) => listEngines(args, context),
  ls: listFlaws,
  show: showFlaw,
  check: checkVersions,
  import: importPaths,
  vex: addStatement,
  cvss: (words, _, context) => scoreVectors(words, context),
}

/** `ecluse vulnerabilities`: what is known against the engines that run. */
export const vulnerabilities: Command = {
  name: 'vulnerabilities',
  summary: {
    en: 'What is known against the engines that run, in the versions that run',
    fr: 'Ce que l’on sait contre les moteurs en service, dans leurs versions',
  },
  usage:
    '[engines] | ls [TEXT] | show ID | check PRODUCT@VERSION... | import PATH... | vex ID PRODUCT[@VERSION] STATE | cvss VECTOR...',
  options: {
    product: { type: 'string' },
    severity: { type: 'string' },
    'min-cvss': { type: 'string' },
    since: { type: 'string' },
    exposure: { type: 'string' },
    disagreeing: { type: 'boolean' },
    all: { type: 'boolean' },
    justification: { type: 'string' },
    statement: { type: 'string' },
    by: { type: 'string' },
  },
  details: {
    en: [
      'engines asks each engine of our own for its version, and lists what concerns it; exit 1 when one exceeds a `max_cvss` of the policy, or --min-cvss N. --all also shows what does not concern it.',
      'ls, show and check answer from the data, without a gateway: --product, --severity critical|high|medium|low, --min-cvss, --since DAY, --exposure, --disagreeing (records whose score is not that of their own vector). check exits 1 when a version is affected.',
      'import reads files and folders of OSV, CSAF 2.0, CVE JSON 5, OpenVEX and CycloneDX; nothing is ever fetched.',
      'vex says what you found out: STATE not_affected | affected | fixed | under_investigation, with --justification or --statement for not_affected, and --by NAME.',
      'cvss computes the scores of vectors of CVSS 2.0, 3.0, 3.1 and 4.0.',
    ].join('\n'),
    fr: [
      'engines demande sa version à chaque moteur qui est à nous et dresse ce qui le concerne ; sortie 1 quand l’un dépasse un `max_cvss` de la politique, ou --min-cvss N. --all montre aussi ce qui ne le concerne pas.',
      'ls, show et check répondent d’après les données, sans passerelle : --product, --severity critical|high|medium|low, --min-cvss, --since JOUR, --exposure, --disagreeing (fiches dont la note n’est pas celle de leur vecteur). check sort avec 1 quand une version est concernée.',
      'import lit des fichiers et dossiers OSV, CSAF 2.0, CVE JSON 5, OpenVEX et CycloneDX ; rien n’est jamais téléchargé.',
      'vex dit ce que vous avez constaté : ÉTAT not_affected | affected | fixed | under_investigation, avec --justification ou --statement pour not_affected, et --by NOM.',
      'cvss calcule les notes de vecteurs CVSS 2.0, 3.0, 3.1 et 4.0.',
    ].join('\n'),
  },
  async run(args, context) {
    const [verb = 'engines', ...words] = args.positionals
    const found = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
    if (found === undefined) {
      context.terminal.note(`ecluse vulnerabilities ${vulnerabilities.usage}`)
      return 3
    }
    return await found(words, args, context)
  },
}
