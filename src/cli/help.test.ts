import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCommand, GLOBAL_OPTIONS, helpText } from './commands.ts'
import type { Command } from './command.ts'
import { commandHelp } from './help.ts'

const COMMAND: Command = {
  name: 'locks',
  summary: { en: 'Open and close locks', fr: 'Ouvrir et fermer les écluses' },
  usage: 'open [NAME | all] (now | later) | close NAME --slowly | --fast | ls',
  options: { slowly: { type: 'boolean', short: 's' } },
  details: { en: 'A lock is closed first.\n  It holds water.', fr: "D'abord elle est fermée." },
  run: () => Promise.resolve(0),
}
const wide = { language: 'en', columns: 100 } as const

test('each way to say a command has its line; bars in brackets and before options divide nothing', () => {
  const [first, second, third, empty, summary] = commandHelp(COMMAND, undefined, {}, wide).split(
    '\n',
  )
  assert.deepEqual(
    [first, second, third, empty, summary],
    [
      'ecluse locks open [NAME | all] (now | later)',
      'ecluse locks close NAME --slowly | --fast',
      'ecluse locks ls',
      '',
      'Open and close locks',
    ],
  )
})

test('a word with a help of its own shows that alone; any other shows the list of words', () => {
  const subcommands = { paint: { summary: COMMAND.summary, usage: 'COLOUR', options: {} } }
  const command = { ...COMMAND, subcommands }
  const own = commandHelp(command, 'paint', {}, wide)
  assert.match(own, /^ecluse locks paint COLOUR\n\nOpen and close locks$/)
  for (const word of [undefined, 'unknown', 'toString']) {
    assert.match(commandHelp(command, word, {}, wide), /^ {2}paint {2}Open and close locks$/m)
  }
  const french = commandHelp(command, undefined, {}, { language: 'fr', columns: 100 })
  assert.match(french, /ecluse locks MOT --help dit/)
})

test('the help of every command and word keeps to the width of the terminal, in both languages', async () => {
  const list = await helpText(null, undefined, wide)
  const names = [...list.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name ?? '')
  assert.ok(names.length > 30)
  for (const name of names) {
    const command = await findCommand(name)
    assert.ok(command, name)
    for (const word of [undefined, ...Object.keys(command.subcommands ?? {})]) {
      for (const language of ['en', 'fr'] as const) {
        const text = commandHelp(command, word, GLOBAL_OPTIONS, { language, columns: 80 })
        assert.ok(text.startsWith(`ecluse ${name}`), name)
        const long = text.split('\n').filter((line) => line.length > 80 && / \S+ \S+ /.test(line))
        assert.deepEqual(long, [], `${name} ${word}`)
      }
    }
  }
})
