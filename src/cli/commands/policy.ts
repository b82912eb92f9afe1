import { readPolicyFile } from '../policy/policy-file.ts'
import { changeVersions, showHistory, showShadow, showVersion } from '../policy/versions.ts'
import { checkPolicy } from '../policy/check.ts'
import { diffPolicies } from '../policy/diff.ts'
import { simulatePolicy } from '../policy/simulate.ts'
import { testPolicy } from '../policy/test-probes.ts'
import { textOption, type Command } from '../command.ts'

/** `ecluse policy`: the policy as code that is checked, tested and tried before it is in force. */
export const policy: Command = {
  name: 'policy',
  summary: {
    en: 'Check, test and try the policy before it is in force',
    fr: "Vérifier, tester et essayer la politique avant qu'elle n'entre en vigueur",
  },
  usage:
    'check | test PROBES.yaml | diff OTHER.yaml | simulate [--since 7d] | show [VERSION] | history | put FILE | rollback VERSION|file | share PERCENT | shadow [FILE|--off]',
  options: {
    since: { type: 'string' },
    strict: { type: 'boolean' },
    policy: { type: 'string' },
    reason: { type: 'string' },
    share: { type: 'string' },
    by: { type: 'string' },
    off: { type: 'boolean' },
    before: { type: 'string' },
    action: { type: 'string' },
    limit: { type: 'string' },
  },
  details: {
    en: [
      'check, test and simulate speak of the policy in force, or of FILE with --policy FILE.',
      'check looks for rules that change nothing, names that nothing bears, classes that go nowhere, and lists what leaves your jurisdictions; --strict fails on its warnings.',
      'test asks each text of a file and compares class, destinations and zones with what the file expects.',
      'diff tells what OTHER.yaml would change, request by request of every kind the rules speak of.',
      'simulate decides the recorded requests again under another policy: no content is needed.',
      'put stores FILE as a new version in force, in place of the policy of the configuration file; --share 10 for 10 % of keys (--by team: of teams) at first, `share 50`, `share 100` or `share 0` later.',
      'rollback puts an older version in force again; `rollback file` the policy of the configuration file. history tells who, when and why (--by, --action, --before, --limit).',
      'shadow FILE has it decide beside the one in force, without being obeyed; shadow alone counts what it would have done otherwise; shadow --off ends it.',
      'What changes the policy needs --reason.',
    ].join('\n'),
    fr: [
      'check, test et simulate parlent de la politique en vigueur, ou de FICHIER avec --policy FICHIER.',
      'check cherche les règles sans effet, les noms que rien ne porte, les classes qui ne vont nulle part, et dresse ce qui sort de vos juridictions ; --strict échoue sur ses avertissements.',
      "test pose chaque texte d'un fichier et compare classe, destinations et zones à ce que le fichier attend.",
      'diff dit ce que OTHER.yaml changerait, pour chaque sorte de requête dont parlent les règles.',
      'simulate décide à nouveau les requêtes enregistrées sous une autre politique : aucun contenu nécessaire.',
      "put enregistre FICHIER comme nouvelle version en vigueur, à la place de celle du fichier de configuration ; --share 10 pour 10 % des clés (--by team : des équipes) d'abord, puis `share 50`, `share 100` ou `share 0`.",
      'rollback remet une version plus ancienne en vigueur ; `rollback file` celle du fichier de configuration. history dit qui, quand et pourquoi (--by, --action, --before, --limit).',
      "shadow FICHIER la fait décider à côté de celle en vigueur, sans être suivie ; shadow seul compte ce qu'elle aurait fait autrement ; shadow --off y met fin.",
      'Ce qui change la politique veut --reason.',
    ].join('\n'),
  },
  async run(args, context) {
    const [verb, file] = args.positionals
    if (verb === 'history') return showHistory(args, context)
    if (verb === 'show') return showVersion(file, context)
    if (verb === 'shadow' && file === undefined && args.values['off'] !== true)
      return showShadow(context)
    if (verb === 'put' || verb === 'rollback' || verb === 'share' || verb === 'shadow')
      return changeVersions(verb, args, context)
    const config = await context.config()
    if (!config) return 2
    const other = textOption(args, 'policy')
    const policyFile = other === undefined ? undefined : readPolicyFile(other, config, context)
    if (policyFile === null) return 2
    if (verb === 'check')
      return checkPolicy({ ...config, ...policyFile }, args.values['strict'] === true, context)
    if (verb === 'test' && file !== undefined)
      return testPolicy(file, { ...config, ...policyFile }, context)
    if (verb === 'diff' && file !== undefined) return diffPolicies(file, config, context)
    if (verb === 'simulate')
      return simulatePolicy(
        textOption(args, 'since') ?? '7d',
        { ...config, policySource: 'file', ...policyFile },
        context,
      )
    context.terminal.note(`ecluse policy ${policy.usage}`)
    return 3
  },
}
