import type { Context } from './command.ts'
import { readBytes } from './read-input.ts'
import type { Said } from './terminal.ts'

/** Longest value worth reading, bytes. */
const LIMIT = 8192

/**
 * A secret from standard input, or typed at a prompt that does not show it; never from the command line, which other
 * users and the shell's history see. Null when there was none.
 */
export async function readSecret(context: Context, prompt: Said): Promise<string | null> {
  const { stdin, terminal } = context
  if (!stdin.isTTY) {
    const bytes = await readBytes(stdin, LIMIT)
    const text = bytes?.toString('utf8').trim() ?? ''
    return text === '' ? null : text
  }
  terminal.note(terminal.say(prompt))
  const text = await typed(stdin)
  return text === '' ? null : text
}

const ENTER = new Set(['\r', '\n', '\u0004'])
const INTERRUPT = '\u0003'
const ERASE = new Set(['\u007f', '\b'])

function typed(stdin: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const done = (result: string): void => {
      stdin.setRawMode(false)
      stdin.pause()
      stdin.off('data', onData)
      resolve(result)
    }
    const onData = (piece: string): void => {
      for (const character of piece) {
        if (ENTER.has(character)) return done(text.trim())
        if (character === INTERRUPT) return done('')
        text = ERASE.has(character) ? text.slice(0, -1) : text + character
      }
    }
    stdin.setRawMode(true)
    stdin.setEncoding('utf8')
    stdin.on('data', onData)
    stdin.resume()
  })
}
