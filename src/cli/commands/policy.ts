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
  usage: 'check | test PROBES.yaml | diff OTHER.yaml | simulate [--since 7d]',
  options: { since: { type: 'string' }, strict: { type: 'boolean' } },
  details: {
    en: [
      'check looks for rules that change nothing, names that nothing bears, classes that go nowhere, and lists what leaves your jurisdictions; --strict fails on its warnings.',
      'test asks each text of a file and compares class, destinations and zones with what the file expects.',
      'diff tells what OTHER.yaml would change, request by request of every kind the rules speak of.',
      'simulate decides the recorded requests again under the policy of the file (--config FILE): no content is needed.',
    ].join('\n'),
    fr: [
      'check cherche les règles sans effet, les noms que rien ne porte, les classes qui ne vont nulle part, et dresse ce qui sort de vos juridictions ; --strict échoue sur ses avertissements.',
      "test pose chaque texte d'un fichier et compare classe, destinations et zones à ce que le fichier attend.",
      'diff dit ce que OTHER.yaml changerait, pour chaque sorte de requête dont parlent les règles.',
      'simulate décide à nouveau les requêtes enregistrées sous la politique du fichier (--config FICHIER) : aucun contenu nécessaire.',
    ].join('\n'),
  },
  async run(args, context) {
    const [verb, file] = args.positionals
    const config = await context.config()
    if (!config) return 2
    if (verb === 'check') return checkPolicy(config, args.values['strict'] === true, context)
    if (verb === 'test' && file !== undefined) return testPolicy(file, config, context)
    if (verb === 'diff' && file !== undefined) return diffPolicies(file, config, context)
    if (verb === 'simulate')
      return simulatePolicy(textOption(args, 'since') ?? '7d', config, context)
    context.terminal.note(`ecluse policy ${policy.usage}`)
    return 3
  },
}
