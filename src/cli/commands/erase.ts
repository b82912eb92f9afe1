import { z } from 'zod'
import { textOption, type Command } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

const Answer = z.object({ texts: z.number(), records: z.number() })

/** `ecluse erase`: forgets what was kept of a key or a person; the chain of evidence stays whole. */
export const erase: Command = {
  name: 'erase',
  summary: {
    en: 'Forget the texts kept of a key or a person',
    fr: "Oublier les textes gardés d'une clé ou d'une personne",
  },
  usage: '--key ID [--events] | --subject ID',
  options: {
    key: { type: 'string' },
    subject: { type: 'string' },
    events: { type: 'boolean' },
  },
  details: {
    en: 'Destroys the key that the texts are sealed under, here and in every backup. --events also empties what decisions of the key say; their leaves stay, and verification passes. Recorded first; can be repeated.',
    fr: 'Détruit la clé qui scelle les textes, ici et dans toute sauvegarde. --events vide aussi ce que disent les décisions de la clé ; leurs feuilles restent, et la vérification passe. Inscrit au préalable ; peut être répété.',
  },
  async run(args, context) {
    const { terminal } = context
    const [key, subject] = [textOption(args, 'key'), textOption(args, 'subject')]
    if ((key === undefined) === (subject === undefined)) {
      terminal.note(`ecluse erase ${erase.usage}`)
      return 3
    }
    return withAdmin(context, async (admin) => {
      const order =
        key === undefined ? { subject } : { key, events: args.values['events'] === true }
      const answer = await admin.request('POST', '/api/evidence/erase', order)
      const done = Answer.safeParse(answer.body)
      if (answer.status !== 200 || !done.success) {
        terminal.out(JSON.stringify(answer.body))
        return 1
      }
      const { texts, records } = done.data
      if (terminal.json) terminal.out(JSON.stringify(done.data))
      else {
        const en = `${texts} texts and ${records} records erased`
        const fr = `${texts} textes et ${records} enregistrements effacés`
        terminal.out(terminal.say({ en, fr }))
      }
      return 0
    })
  },
}
