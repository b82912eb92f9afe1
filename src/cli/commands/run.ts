import { createInterface, type Interface } from 'node:readline/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { askChat, type Message } from '../chat-request.ts'
import type { Command, Context, ExitCode, RunningGateway } from '../command.ts'
import { engineLine } from '../engine-line.ts'
import { readAll } from '../read-input.ts'

const WAIT_MS = 200

/** `ecluse run`: talk to a model from the terminal, through the same gate as everyone. */
export const run: Command = {
  name: 'run',
  summary: { en: 'Talk to a model', fr: 'Parler à un modèle' },
  usage: '[MODEL] [PROMPT]',
  options: {},
  async run(args, context) {
    const config = await context.config()
    if (!config) return 2
    const { terminal } = context
    const [model = 'auto', ...words] = args.positionals
    const gateway = await gatewayFor(context, config)
    if (gateway === 'failed') return 2
    const { adminSocket } = context.paths(config)
    try {
      if (gateway && !(await untilReady(gateway, context))) return 2
      const piped = words.length === 0 && !context.stdin.isTTY ? await readAll(context.stdin) : null
      const prompt = words.length > 0 ? words.join(' ') : piped
      if (prompt !== null) return await once(adminSocket, model, prompt, context)
      return await converse(adminSocket, model, context)
    } finally {
      terminal.status(null)
      await gateway?.stop()
    }
  },
}

/** Null when a gateway runs already; else one is started for the time of this command. */
async function gatewayFor(
  context: Context,
  config: Parameters<Context['startGateway']>[0],
): Promise<RunningGateway | null | 'failed'> {
  if (context.holder(config)) return null
  const started = await context.startGateway(config, { port: 0 })
  if (started.ok) return started.value
  context.terminal.note(context.terminal.say(started.error))
  return 'failed'
}

/** Waits for the model on board, showing how far it is; a gateway without one may still have other destinations. */
async function untilReady(gateway: RunningGateway, { terminal }: Context): Promise<boolean> {
  for (;;) {
    const engine = gateway.house.engine()
    const isBusy = engine.state === 'pulling' || engine.state === 'starting'
    if (!isBusy) {
      terminal.status(null)
      const isUsable = engine.state === 'ready' || engine.state === 'disabled'
      if (!isUsable) terminal.note(engineLine(engine, terminal))
      return isUsable
    }
    terminal.status(engineLine(engine, terminal))
    await sleep(WAIT_MS)
  }
}

async function once(
  socketPath: string,
  model: string,
  prompt: string,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context
  const show = terminal.json ? () => {} : (piece: string) => void process.stdout.write(piece)
  const messages: Message[] = [{ role: 'user', content: prompt }]
  const outcome = await askChat(
    socketPath,
    model,
    messages,
    terminal.language,
    show,
    new AbortController().signal,
  )
  if (terminal.json) terminal.out(JSON.stringify(outcome))
  else if (outcome.text !== '') terminal.out('')
  if (outcome.problem !== null && !terminal.json)
    terminal.note(terminal.paint('red', outcome.problem))
  return outcome.problem === null ? 0 : 1
}

async function converse(socketPath: string, model: string, context: Context): Promise<ExitCode> {
  const { terminal } = context
  terminal.note(
    terminal.paint(
      'dim',
      terminal.say({
        en: `${model}: one line per question, Ctrl-C stops an answer, /bye or Ctrl-D leaves.`,
        fr: `${model} : une question par ligne, Ctrl-C arrête une réponse, /bye ou Ctrl-D pour sortir.`,
      }),
    ),
  )
  const lines = createInterface({ input: context.stdin, output: process.stdout })
  const messages: Message[] = []
  try {
    for (;;) {
      const question = await ask(lines)
      if (question === null || question.trim() === '/bye') return 0
      if (question.trim() === '') continue
      messages.push({ role: 'user', content: question })
      const stop = new AbortController()
      const halt = (): void => stop.abort()
      lines.once('SIGINT', halt)
      const outcome = await askChat(
        socketPath,
        model,
        messages,
        terminal.language,
        (piece) => void process.stdout.write(piece),
        stop.signal,
      )
      lines.off('SIGINT', halt)
      terminal.out('')
      if (outcome.problem === null) messages.push({ role: 'assistant', content: outcome.text })
      else {
        messages.pop()
        terminal.note(terminal.paint('red', outcome.problem))
      }
      const where = `${outcome.dataClass ?? '-'} -> ${outcome.destination ?? '-'}`
      if (outcome.dataClass !== null) terminal.note(terminal.paint('dim', where))
    }
  } finally {
    lines.close()
  }
}

/** The next line, or null at the end of the input or at Ctrl-C on an empty prompt. */
function ask(lines: Interface): Promise<string | null> {
  return new Promise((resolve) => {
    const leave = (): void => resolve(null)
    lines.once('close', leave)
    lines.once('SIGINT', leave)
    void lines.question('> ').then((line) => {
      lines.off('close', leave)
      lines.off('SIGINT', leave)
      resolve(line)
    }, leave)
  })
}
