import { usageIn } from '../usage-words.ts'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { err, ok, type Result } from '#kernel/result.ts'
import { readCertificates } from '#models/signing/certificate.ts'
import { readPrivateKey } from '#models/signing/key.ts'
import { signModel, type SignedModel, type SigningIdentity } from '#models/signing/sign-model.ts'
import { SHARD_BYTES } from '#models/signing/statement.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import { bytesText } from '../terminal.ts'
import { findSubject } from './find-subject.ts'
import { showProblem, withProgress } from './show-signing.ts'
import {
  SIGNING_OPTIONS,
  methodOf,
  problem,
  readChain,
  readPem,
  usage,
  type Misuse,
} from './signing-options.ts'
import { textOptions, type ModelsSubcommand } from './subcommand.ts'

/** `ecluse models sign`. */
export const signSubcommand: ModelsSubcommand = {
  summary: {
    en: 'Sign a folder, a file or a stored model (OpenSSF Model Signing v1.0)',
    fr: 'Signer un dossier, un fichier ou un modèle en réserve (OpenSSF Model Signing v1.0)',
  },
  usage:
    'PATH|NAME --private-key PEM [--method key|certificate] [--signing-cert PEM --cert-chain PEM...] [--output-bundle FILE] [--ignore-paths PATH...] [--allow-symlinks] [--shards]',
  options: {
    ...SIGNING_OPTIONS,
    'output-bundle': { type: 'string' },
    'private-key': { type: 'string' },
    'signing-cert': { type: 'string' },
    'allow-symlinks': { type: 'boolean' },
    shards: { type: 'boolean' },
  },
  async run(args, context) {
    const [model] = args.positionals
    if (model === undefined) return told(context, usage('PATH'))
    return await sign(model, args, context)
  },
}

/** Signs a model as the options say, and writes the signature whole or not at all. */
export async function sign(word: string, args: Parsed, context: Context): Promise<ExitCode> {
  const { terminal } = context
  const identity = await identityOf(args)
  if (!identity.ok) return told(context, identity)
  const subject = await findSubject(word, context)
  if (subject === null)
    return showProblem(context, { code: 'model-missing', detail: { path: word } })
  const output = textOption(args, 'output-bundle') ?? subject.signature
  const signed = await withProgress(context, async (options) => {
    const made = await signModel(
      {
        model: subject.path,
        stored: subject.stored,
        output,
        ignorePaths: textOptions(args, 'ignore-paths'),
        allowSymlinks: args.values['allow-symlinks'] === true,
        hashType: 'sha256',
        shardBytes: args.values['shards'] === true ? SHARD_BYTES : null,
        identity: identity.value,
      },
      options,
    )
    return made.ok ? await write(made.value, output) : made
  })
  if (!signed.ok) return showProblem(context, signed.error)
  const { modelName, rootDigest, resources, bytes } = signed.value
  if (terminal.json) {
    terminal.out(JSON.stringify({ model: modelName, rootDigest, resources, bytes, bundle: output }))
  } else {
    terminal.out(
      terminal.say({
        en: `Signed ${modelName}: ${resources} digests over ${bytesText(bytes)}, root sha256:${rootDigest}`,
        fr: `${modelName} signé : ${resources} empreintes sur ${bytesText(bytes)}, racine sha256:${rootDigest}`,
      }),
    )
    terminal.out(`  ${output}`)
  }
  return 0
}

async function write(
  signed: SignedModel,
  output: string,
): Promise<Awaited<ReturnType<typeof signModel>>> {
  const folder = dirname(output)
  // hidden, beside its place, so that it takes it in one step
  const temporary = join(folder, `.${basename(output)}.${process.pid}.partial`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(temporary, `${signed.bundle}\n`, { mode: 0o644, flush: true })
    await rename(temporary, output)
    return ok(signed)
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined)
    return err({ code: 'output-unwritable', detail: { path: output } })
  }
}

async function identityOf(args: Parsed): Promise<Result<SigningIdentity, Misuse>> {
  const method = methodOf(args)
  if (method === null) return usage('method')
  if (method === 'sigstore') return problem({ code: 'sigstore-signing' })
  const keyPath = textOption(args, 'private-key')
  if (keyPath === undefined) return usage('private-key')
  const pem = await readPem(keyPath)
  if (pem === null) return problem({ code: 'key-unreadable' })
  const key = readPrivateKey(pem)
  if (!key.ok) return problem(key.error)
  if (method === 'key') return ok({ method, key: key.value })
  const certificatePath = textOption(args, 'signing-cert')
  if (certificatePath === undefined) return usage('signing-cert')
  const text = await readPem(certificatePath)
  const leaf = text === null ? undefined : readCertificates(text)?.[0]
  if (leaf === undefined) return problem({ code: 'certificate-malformed' })
  const above = await readChain(args)
  return above.ok ? ok({ method, key: key.value, leaf, above: above.value }) : above
}

function told(context: Context, misuse: Result<never, Misuse>): ExitCode {
  if (misuse.ok) return 0
  if (misuse.error.kind === 'problem') return showProblem(context, misuse.error.problem, 2)
  context.terminal.note(
    `--${misuse.error.option} ?\n  ecluse models sign ${usageIn(signSubcommand.usage, context.terminal.language)}`,
  )
  return 3
}
