import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { hostname, platform } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { z } from 'zod'
import { describeSecretProblem } from '#identity/problem.ts'
import { describeRefusal } from '#kernel/refusal-messages.ts'
import { REFUSAL_CODES } from '#kernel/refusal.ts'
import { adminProblem } from '../admin-client.ts'
import type { Command, Context, ExitCode, Parsed } from '../command.ts'
import { textOption } from '../command.ts'
import { askGateway } from '../sign-in/ask-gateway.ts'
import { awaitBrowser } from '../sign-in/await-browser.ts'
import { keepSignIn } from '../sign-in/kept-sign-ins.ts'
import { whichGateway } from '../sign-in/which-gateway.ts'

const Providers = z.object({
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
})
const Redeemed = z.object({
  key: z.string(),
  keyId: z.string(),
  name: z.string(),
  expiresAt: z.number(),
})

/** Time to sign in, as long as the gateway waits itself. */
const PATIENCE_MS = 10 * 60_000

/** `ecluse sign-in`: a person's own key, by their identity provider. */
export const signIn: Command = {
  name: 'sign-in',
  summary: {
    en: 'Sign in with your identity provider',
    fr: "Se connecter avec son fournisseur d'identité",
  },
  usage: '[--gateway URL] [--provider ID] [--paste]',
  options: {
    provider: { type: 'string' },
    paste: { type: 'boolean' },
  },
  details: {
    en: 'Opens a browser on this machine; --paste where there is none. The key ends by itself, and with `ecluse sign-out`.',
    fr: "Ouvre un navigateur sur cette machine ; --paste s'il n'y en a pas. La clé finit d'elle-même, et par `ecluse sign-out`.",
  },
  async run(args, context) {
    const config = await context.config()
    const gateway = config && whichGateway(args, context, config)
    if (!config || gateway === null) return 2
    const provider = await whichProvider(args, context, gateway)
    if (typeof provider !== 'string') return provider.exit
    const verifier = randomText()
    const brought = await visit(args, context, `${gateway}/api/sign-in/start/${provider}`, verifier)
    if (brought === null) return 1
    const answer = await askGateway({
      gateway,
      method: 'POST',
      path: '/api/sign-in/token',
      key: null,
      body: { code: brought, verifier, name: `${hostname()} (sign-in)`.slice(0, 100) },
      language: context.terminal.language,
    })
    const read = Redeemed.safeParse(answer.body)
    if (!read.success) return refused(context, answer)
    const kept = keepSignIn(config.home, gateway, read.data)
    if (!kept.ok) {
      context.terminal.note(describeSecretProblem(kept.error, context.terminal.language))
      return 2
    }
    return told(context, gateway, read.data)
  },
}

const randomText = (): string => randomBytes(32).toString('base64url')

function told(
  { terminal }: Context,
  gateway: string,
  { name, keyId, expiresAt }: z.infer<typeof Redeemed>,
): ExitCode {
  const until = new Date(expiresAt).toISOString()
  if (terminal.json) terminal.out(JSON.stringify({ gateway, name, keyId, expiresAt }))
  else
    terminal.out(
      terminal.say({
        en: `Signed in at ${gateway} as ${name}, until ${until}.`,
        fr: `Connecté à ${gateway} en tant que ${name}, jusqu'au ${until}.`,
      }),
    )
  return 0
}

/** The provider that is meant, or the only one there is. */
async function whichProvider(
  args: Parsed,
  context: Context,
  gateway: string,
): Promise<string | { readonly exit: ExitCode }> {
  const { terminal } = context
  const { language } = terminal
  const question = { gateway, method: 'GET', path: '/api/sign-in', key: null, language } as const
  const answer = await askGateway(question)
  const read = Providers.safeParse(answer.body)
  if (!read.success) return { exit: refused(context, answer) }
  const wanted = textOption(args, 'provider')
  const { providers } = read.data
  const found = wanted === undefined ? providers : providers.filter(({ id }) => id === wanted)
  const [only] = found
  if (only && found.length === 1) return only.id
  const ids = providers.map(({ id }) => id).join(', ')
  terminal.note(
    providers.length === 0
      ? terminal.say({
          en: 'This gateway has no identity provider: `sign_in.providers` in ecluse.yaml.',
          fr: "Cette passerelle n'a aucun fournisseur d'identité : `sign_in.providers` dans ecluse.yaml.",
        })
      : `--provider ${ids}`,
  )
  return { exit: providers.length === 0 ? 1 : 3 }
}

/** Sends somebody through the browser; the code that came back, or null when the reason has been told. */
async function visit(
  args: Parsed,
  context: Context,
  start: string,
  verifier: string,
): Promise<string | null> {
  const { terminal } = context
  const state = randomText()
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const address = (cli: string): string =>
    `${start}?${new URLSearchParams({ cli, challenge, state }).toString()}`
  if (args.values['paste'] === true) {
    terminal.note(terminal.say(OPEN_THIS))
    terminal.note(address('paste'))
    return pasted(context)
  }
  const waiting = await awaitBrowser(state, terminal.language, PATIENCE_MS)
  try {
    const url = address(String(waiting.port))
    terminal.note(terminal.say(OPEN_THIS))
    terminal.note(url)
    if (terminal.isTty) openBrowser(url, context.environment)
    const answer = await waiting.answer
    if (answer !== null && 'code' in answer) return answer.code
    terminal.note(answer === null ? terminal.say(TOO_LATE) : describe(answer.error, context))
    return null
  } finally {
    waiting.close()
  }
}

async function pasted({ terminal, stdin }: Context): Promise<string | null> {
  const lines = createInterface({ input: stdin, output: process.stderr })
  try {
    const code = (await lines.question(terminal.say({ en: 'Code: ', fr: 'Code : ' }))).trim()
    return code === '' ? null : code
  } finally {
    lines.close()
  }
}

/** A failure to open is none: the address stands on the terminal. */
function openBrowser(url: string, environment: Readonly<Record<string, string>>): void {
  const [program, ...before] =
    platform() === 'darwin'
      ? ['open']
      : platform() === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler']
        : ['xdg-open']
  const options = { stdio: 'ignore', detached: true, env: environment } as const
  const opened = spawn(program ?? '', [...before, url], options)
  opened.on('error', () => {})
  opened.unref()
}

function describe(error: string, { terminal }: Context): string {
  const code = REFUSAL_CODES.find((one) => one === error)
  if (code === undefined) return terminal.say(TOO_LATE)
  const { message, remedy } = describeRefusal({ code }, terminal.language)
  return `${message} ${remedy}`
}

const OPEN_THIS = {
  en: 'Sign in at this address:',
  fr: 'Connectez-vous à cette adresse :',
} as const
const TOO_LATE = {
  en: 'Nobody signed in in time. Begin again.',
  fr: "Personne ne s'est connecté à temps. Recommencez.",
} as const

function refused(context: Context, answer: { status: number; body: unknown }): ExitCode {
  context.terminal.note(adminProblem(answer, context.terminal.language))
  return answer.status >= 500 ? 2 : 1
}
