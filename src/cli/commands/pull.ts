import { usageIn } from '../usage-words.ts'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { kindOfReference, pullSet } from '#models/getting/pull-set.ts'
import { z } from 'zod'
import type { Config } from '#config/types.ts'
import { ADMISSION_STATES } from '#kernel/admission.ts'
import type { Manifest } from '#models/store/manifest.ts'
import { describePullFailure } from '#models/pull/pull-messages.ts'
import { machinePorts } from '#models/pull/pull-ports.ts'
import type { PullProgress } from '#models/pull/pull-request.ts'
import { pullModel } from '#models/pull/pull.ts'
import { printable } from '#kernel/printable.ts'
import { shippedStarterModels } from '#models/starter/starter-models.ts'
import { adminProblem } from '../admin-client.ts'
import type { Command, Context } from '../command.ts'
import { textOption } from '../command.ts'
import { inWords, STATES, STOPS } from '../models/admission-words.ts'
import { keepBillAfter } from '../models/bom-history.ts'
import { stoppable } from '../stoppable.ts'
import { bytesText, type Terminal } from '../terminal.ts'

const REFERENCES =
  'hf:OWNER/NAME[@REVISION][:FILE] | ollama:NAME[:TAG] | ollama-store:NAME[:TAG] | oci:HOST/NAME:TAG | pypi:NAME[==VERSION] | folder:PATH.'

/** `ecluse pull`: brings a model into the store, verified; it resumes where an interrupted one stopped. */
export const pull: Command = {
  name: 'pull',
  summary: { en: 'Fetch a model and verify it', fr: 'Récupérer un modèle et le vérifier' },
  usage: '[NAME | REFERENCE [NAME]] [--from FILE|URL] [--digest sha256:HEX]',
  options: { from: { type: 'string' }, digest: { type: 'string' } },
  details: {
    en: `Known by name: ${names()}. ${REFERENCES} One file: --from, with --digest for a URL.`,
    fr: `Connus par leur nom : ${names()}. ${REFERENCES} Un fichier : --from, avec --digest pour une URL.`,
  },
  async run(args, context) {
    const [name] = args.positionals
    const { terminal } = context
    const from = textOption(args, 'from')
    const digest = textOption(args, 'digest')
    if (name === undefined && from === undefined) {
      terminal.note(
        `ecluse pull ${usageIn(pull.usage, terminal.language)}\n${pull.details?.[terminal.language] ?? ''}`,
      )
      return 3
    }
    const config = await context.config()
    if (!config) return 2
    const reference = kindOfReference(name ?? '') === null ? undefined : name
    const ports = machinePorts(Date.now, randomUUID, context.environment)
    const onProgress = (progress: PullProgress): void => show(progress, terminal)
    const pulled = await stoppable((signal) =>
      reference !== undefined
        ? pullSet(
            {
              dir: context.paths(config).models,
              reference,
              name: args.positionals[1],
              hub: config.models.hub,
              hubToken: config.models.hubToken,
              ollamaRegistry: config.models.ollamaRegistry,
              registryLogins: config.models.registryLogins,
              pythonIndex: config.models.pythonIndex,
              ollamaStore: join(context.environment['HOME'] ?? '.', '.ollama', 'models'),
            },
            ports,
            onProgress,
            signal,
          )
        : pullModel(
            {
              dir: context.paths(config).models,
              ...(name === undefined ? {} : { name }),
              ...(from === undefined ? {} : { from }),
              ...(digest === undefined ? {} : { digest }),
              pythonIndex: config.models.pythonIndex,
            },
            shippedStarterModels(),
            ports,
            onProgress,
            signal,
          ),
    )
    terminal.status(null)
    if (!pulled.ok) {
      const { message, remedy } = describePullFailure(pulled.error, terminal.language)
      if (terminal.json)
        terminal.out(JSON.stringify({ error: { code: pulled.error.code, message, remedy } }))
      else terminal.note(`${terminal.paint('red', message)} ${remedy}`)
      return pulled.error.code === 'digest-mismatch' ? 1 : 2
    }
    const { value } = pulled
    const arrived = await bringIn(value, config, context)
    const admission = arrived?.state ?? null
    if (terminal.json) terminal.out(JSON.stringify({ ...value, admission }))
    else {
      const state = terminal.say(STATES[admission ?? 'quarantined'])
      terminal.out(
        [value.name, bytesText(value.bytes), `sha256:${value.digest}`, value.licence, state]
          .filter((cell) => cell !== null && cell !== '')
          .join('  '),
      )
      if (admission === 'quarantined') terminal.note(whyQuarantined(value.name, arrived, context))
      else if (isStopped(arrived)) terminal.note(whyStopped(value.name, arrived, context))
    }
    return admission === 'quarantined' || isStopped(arrived) ? 1 : 0
  },
}

const Arrived = z.object({
  state: z.enum(ADMISSION_STATES).nullable(),
  stopped: z.string().nullish(),
  record: z
    .object({
      scan: z
        .object({ findings: z.array(z.object({ rule: z.string(), file: z.string() })) })
        .nullable(),
    })
    .optional(),
})
type Arrived = z.infer<typeof Arrived>

/** Whether somebody decided that these bytes serve nobody, before they came again. */
const isStopped = (arrived: Arrived | null): boolean =>
  arrived?.stopped === 'revoked' || arrived?.stopped === 'suspended'

function whyStopped(name: string, arrived: Arrived | null, context: Context): string {
  const { terminal, program } = context
  const stop = inWords(STOPS, arrived?.stopped ?? '', terminal)
  return terminal.say({
    en: `It is here, and serves nobody: ${stop}. What was decided of these bytes: ${program} models show ${name}`,
    fr: `Il est là, et ne sert personne : ${stop}. Ce qui fut décidé de ces octets : ${program} models show ${name}`,
  })
}

/** Findings that are named when a model arrives; `models show` has them all. */
const NAMED = 3

/** What the scan found, in a sentence. */
function whyQuarantined(name: string, arrived: Arrived | null, context: Context): string {
  const { terminal } = context
  const found = (arrived?.record?.scan?.findings ?? []).map(
    ({ rule, file }) => `${rule} (${printable(file)})`,
  )
  const named = found.slice(0, NAMED).join(', ')
  const more = found.length > NAMED ? ` +${found.length - NAMED}` : ''
  const what = named === '' ? '' : ` ${named}${more}.`
  return terminal.say({
    en: `It is in quarantine and serves nobody.${what} All of it: ${context.program} models show ${name}`,
    fr: `Il est en quarantaine et ne sert personne.${what} Le détail : ${context.program} models show ${name}`,
  })
}

/** What arrived is recorded and scanned at once, here or by the gateway that runs; null when it will be later. */
async function bringIn(
  { name }: Manifest,
  config: Config,
  context: Context,
): Promise<Arrived | null> {
  const admin = await context.admin(config)
  if (!admin.ok) {
    context.terminal.note(context.terminal.say(admin.error))
    return null
  }
  try {
    const answer = await admin.value.request('POST', '/api/models', { name })
    const read = Arrived.safeParse(answer.body)
    if (!read.success) context.terminal.note(adminProblem(answer, context.terminal.language))
    await keepBillAfter(admin.value, context)
    return read.success ? read.data : null
  } finally {
    await admin.value.close()
  }
}

function names(): string {
  return shippedStarterModels()
    .flatMap(({ name, aliases }) => [name, ...aliases])
    .join(', ')
}

function show(progress: PullProgress, terminal: Terminal): void {
  const { source } = progress
  switch (progress.phase) {
    case 'trying':
      return terminal.note(terminal.say({ en: `From ${source}`, fr: `Depuis ${source}` }))
    case 'downloading': {
      const { received, total } = progress
      const share = total ? `${Math.floor((100 * received) / total)} %  ` : ''
      return terminal.status(
        `${share}${bytesText(received)}${total ? ` / ${bytesText(total)}` : ''}`,
      )
    }
    case 'verifying':
      return terminal.status(
        terminal.say({ en: 'Verifying the digest', fr: "Vérification de l'empreinte" }),
      )
    case 'failed':
      return terminal.note(
        `${source}: ${describePullFailure(progress.failure, terminal.language).message}`,
      )
  }
}
