import { usageIn } from '../usage-words.ts'
import { readFile, stat } from 'node:fs/promises'
import { ok, type Result } from '#kernel/result.ts'
import { readPublicKey } from '#models/signing/key.ts'
import { shippedTrustRoot } from '#models/signing/shipped-trust-root.ts'
import { readIdentityPattern } from '#models/signing/identity-pattern.ts'
import { readTrustRoot, type AllowedIdentity } from '#models/signing/sigstore.ts'
import { verifyModel, type Trust, type VerifiedModel } from '#models/signing/verify-model.ts'
import { printable } from '#kernel/printable.ts'
import { textOption, type Context, type ExitCode, type Parsed } from '../command.ts'
import { bytesText, type Terminal } from '../terminal.ts'
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

/** A signature lists a million files at most, bytes. */
const MOST_BUNDLE = 512 * 1024 * 1024

const VAGUE_PATTERN = {
  en: 'A pattern of identities names somebody: https://HOST/… or …@DOMAIN, with * for one part of a path and ** for several.',
  fr: "Un modèle d'identités nomme quelqu'un : https://HÔTE/… ou …@DOMAINE, avec * pour une partie du chemin et ** pour plusieurs.",
} as const

/** `ecluse models verify`. */
export const verifySubcommand: ModelsSubcommand = {
  summary: {
    en: 'Verify a model against its signature: who signed, and every byte',
    fr: 'Vérifier un modèle par sa signature : qui a signé, et chaque octet',
  },
  usage:
    'PATH|NAME [--bundle FILE] [--method key|certificate|sigstore] --public-key PEM | --cert-chain PEM... | --identity WHO...|--identity-pattern WHO*... --identity-provider URL [--trust-root FILE] [--ignore-paths PATH...] [--ignore-unsigned-files] [--allow-v02]',
  options: {
    ...SIGNING_OPTIONS,
    bundle: { type: 'string' },
    'public-key': { type: 'string' },
    identity: { type: 'string', multiple: true },
    'identity-pattern': { type: 'string', multiple: true },
    'identity-provider': { type: 'string' },
    'trust-root': { type: 'string' },
    'ignore-unsigned-files': { type: 'boolean' },
    'allow-v02': { type: 'boolean' },
  },
  async run(args, context) {
    const [model] = args.positionals
    if (model === undefined) {
      context.terminal.note(
        `ecluse models verify ${usageIn(verifySubcommand.usage, context.terminal.language)}`,
      )
      return 3
    }
    return await verify(model, args, context)
  },
}

/** Verifies a model as the options say; `allowEarly` as if `--allow-v02` were given. */
export async function verify(
  word: string,
  args: Parsed,
  context: Context,
  allowEarly = args.values['allow-v02'] === true,
): Promise<ExitCode> {
  const trust = await trustOf(args)
  if (!trust.ok) {
    if (trust.error.kind === 'problem') return showProblem(context, trust.error.problem, 2)
    const { terminal } = context
    if (trust.error.option === 'identity-pattern') terminal.note(terminal.say(VAGUE_PATTERN))
    terminal.note(
      `--${trust.error.option} ?\n  ecluse models verify ${usageIn(verifySubcommand.usage, terminal.language)}`,
    )
    return 3
  }
  const subject = await findSubject(word, context)
  if (subject === null)
    return showProblem(context, { code: 'model-missing', detail: { path: word } })
  const bundlePath = textOption(args, 'bundle') ?? subject.signature
  const found = await stat(bundlePath).catch(() => null)
  if (found !== null && found.size > MOST_BUNDLE) {
    return showProblem(context, { code: 'bundle-too-large', detail: { most: MOST_BUNDLE } })
  }
  const bundle =
    found?.isFile() === true ? await readFile(bundlePath, 'utf8').catch(() => null) : null
  if (bundle === null) {
    return showProblem(context, { code: 'bundle-missing', detail: { path: bundlePath } })
  }
  const verified = await withProgress(context, (options) =>
    verifyModel(
      {
        model: subject.path,
        files: subject.stored?.files ?? null,
        bundle,
        bundlePath,
        trust: trust.value,
        ignorePaths: textOptions(args, 'ignore-paths'),
        ignoreUnsigned: args.values['ignore-unsigned-files'] === true,
        allowEarly,
        now: Date.now(),
      },
      options,
    ),
  )
  if (!verified.ok) return showProblem(context, verified.error)
  show(verified.value, context.terminal)
  return 0
}

function show(verified: VerifiedModel, terminal: Terminal): void {
  if (terminal.json) return terminal.out(JSON.stringify(verified))
  const { files, bytes, rootDigest, signer, ignored } = verified
  const size = bytesText(bytes)
  terminal.out(
    terminal.say({
      en: `${terminal.paint('green', 'Verified')}: ${files} files, ${size}, root sha256:${rootDigest}`,
      fr: `${terminal.paint('green', 'Vérifié')} : ${files} fichiers, ${size}, racine sha256:${rootDigest}`,
    }),
  )
  const who =
    signer.method === 'sigstore'
      ? `${signer.identity} (${signer.issuer})`
      : signer.method === 'certificate'
        ? `${signer.subject}  sha256:${signer.fingerprint}`
        : `sha256:${signer.fingerprint}`
  terminal.out(
    terminal.say({ en: `  signed by ${printable(who)}`, fr: `  signé par ${printable(who)}` }),
  )
  if (ignored.length > 0) {
    const names = ignored.slice(0, 10).map(printable).join(', ')
    terminal.out(
      terminal.say({
        en: `  not looked at (ignored): ${names}`,
        fr: `  non regardés (ignorés) : ${names}`,
      }),
    )
  }
}

async function trustOf(args: Parsed): Promise<Result<Trust, Misuse>> {
  const method = methodOf(args)
  switch (method) {
    case null:
      return usage('method')
    case 'key': {
      const path = textOption(args, 'public-key')
      if (path === undefined) return usage('public-key')
      const pem = await readPem(path)
      const key = pem === null ? null : readPublicKey(pem)
      if (key === null) return problem({ code: 'key-unreadable' })
      return key.ok ? ok({ method, key: key.value }) : problem(key.error)
    }
    case 'certificate': {
      const certificates = await readChain(args)
      if (!certificates.ok) return certificates
      if (certificates.value.length === 0) return usage('cert-chain')
      return ok({ method, certificates: certificates.value })
    }
    case 'sigstore':
      return await sigstoreTrust(args)
  }
}

async function sigstoreTrust(args: Parsed): Promise<Result<Trust, Misuse>> {
  const issuer = textOption(args, 'identity-provider')
  if (issuer === undefined) return usage('identity-provider')
  const identities: AllowedIdentity[] = []
  for (const identity of textOptions(args, 'identity')) identities.push({ identity, issuer })
  for (const text of textOptions(args, 'identity-pattern')) {
    const pattern = readIdentityPattern(text)
    if (pattern === null) return usage('identity-pattern')
    identities.push({ pattern, issuer })
  }
  if (identities.length === 0) return usage('identity')
  // the staging instance signs for everybody: its root is given, never on board
  if (args.values['use-staging'] === true && textOption(args, 'trust-root') === undefined) {
    return usage('trust-root')
  }
  const path = textOption(args, 'trust-root')
  const text = path === undefined ? null : await readPem(path)
  const root = path === undefined ? shippedTrustRoot() : text === null ? null : readTrustRoot(text)
  if (root === null) return problem({ code: 'trust-root-unreadable' })
  return ok({ method: 'sigstore', root, identities })
}
