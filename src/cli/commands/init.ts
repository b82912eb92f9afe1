import { access, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { textOption, type Command } from '../command.ts'

/** `ecluse init`: writes what zero configuration amounts to, as a commented file. */
export const init: Command = {
  name: 'init',
  summary: {
    en: 'Write ecluse.yaml with what was found',
    fr: 'Écrire ecluse.yaml avec ce qui a été trouvé',
  },
  usage: '[PATH] [--profile NAME] [--force]',
  options: { force: { type: 'boolean' }, profile: { type: 'string' } },
  details: {
    en: 'With --profile it begins with one of the policies that ship; its rules are yours to change, and rules of your own stand beside them.',
    fr: "Avec --profile, le fichier commence par l'une des politiques livrées ; ses règles sont à vous, et les vôtres s'écrivent à côté.",
  },
  async run(args, context) {
    const config = await context.config()
    if (!config) return 2
    const { terminal } = context
    const name = textOption(args, 'profile')
    const shipped = name === undefined ? [] : context.profiles()
    const profile = shipped.find((one) => one.name === name)
    if (name !== undefined && !profile) {
      const known = shipped.map((one) => one.name).join(', ')
      terminal.note(
        terminal.say({
          en: `no profile is called ${name}; there are: ${known}`,
          fr: `aucun profil ne s'appelle ${name} ; il y a : ${known}`,
        }),
      )
      return 3
    }
    const path = resolve(args.positionals[0] ?? join(config.home, 'ecluse.yaml'))
    if (args.values['force'] !== true && (await exists(path))) {
      terminal.note(
        terminal.say({
          en: `${path} exists; nothing was written (--force to replace it).`,
          fr: `${path} existe ; rien n'a été écrit (--force pour le remplacer).`,
        }),
      )
      return 1
    }
    const text = await context.initialConfig(config, profile)
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await writeFile(path, text, { mode: 0o640 })
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '?'
      terminal.note(
        terminal.say({
          en: `cannot write ${path} (${code})`,
          fr: `écriture impossible : ${path} (${code})`,
        }),
      )
      return 2
    }
    if (terminal.json)
      terminal.out(JSON.stringify({ path, ...(profile ? { profile: profile.name } : {}) }))
    else terminal.out(terminal.say({ en: `Written: ${path}`, fr: `Écrit : ${path}` }))
    return 0
  },
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
