import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { readAnchorLine } from '#ledger/evidence/anchors.ts'
import { readCheckpoint, type SignedCheckpoint } from '#ledger/evidence/checkpoint.ts'
import { hex } from '#ledger/hash.ts'
import { verifyLedger, type Checkpoint, type VerifyReport } from '#ledger/verify.ts'
import {
  textOption,
  type Context,
  type EvidenceReader,
  type ExitCode,
  type Parsed,
} from '../command.ts'

const Heads = z.array(z.object({ writer: z.string(), seq: z.number().int(), hash: z.string() }))
const PUBLIC_KEY = /^[0-9a-f]{64}$/

/** `audit verify`: reads every record once and says what is not as it was written. */
export async function verify(
  args: Parsed,
  context: Context,
  evidence: EvidenceReader,
): Promise<ExitCode> {
  const { terminal } = context
  const heads = readHeads(textOption(args, 'checkpoint'))
  const anchor = textOption(args, 'anchor')
  const pinned = textOption(args, 'public-key')
  if (heads === null || (anchor !== undefined && !existsSync(anchor))) {
    terminal.note(
      terminal.say({
        en: 'the checkpoint file is not readable',
        fr: 'le fichier de point de contrôle est illisible',
      }),
    )
    return 2
  }
  const since = Date.parse(textOption(args, 'since') ?? '1970-01-01')
  if (Number.isNaN(since) || (pinned !== undefined && !PUBLIC_KEY.test(pinned))) {
    terminal.note('--since ISO 8601, --public-key HEX (64)')
    return 3
  }
  // before the first read of the database, so that what is outside is also inside
  const anchored = anchor === undefined ? null : anchoredIn(anchor)
  const stored = (await evidence.signed.keys()).length
  const known = pinned ? [Buffer.from(pinned, 'hex')] : await evidence.knownKeys(stored)
  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort())
  const report = await verifyLedger(evidence, {
    heads,
    evidence: evidence.signed,
    ...(known ? { trust: { keys: known } } : {}),
    ...(anchored ? { anchored } : {}),
    since: await checkpointBefore(evidence, since),
    signal: stopping.signal,
    progress: (records) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${records}`)
    },
  })
  if (process.stderr.isTTY) process.stderr.write('\r')
  if (terminal.json) terminal.out(JSON.stringify({ ...report, keysKnown: known !== null }))
  else tellReport(report, known !== null, context)
  if (report.interrupted && report.firstProblem === null) return 2
  return report.ok ? 0 : 1
}

function tellReport(report: VerifyReport, isKeyKnown: boolean, { terminal }: Context): void {
  const { firstProblem, records, erased, removed, checkpoints } = report
  if (firstProblem) {
    const { writer, seq, id, problem, checkpoint: number } = firstProblem
    const said = terminal.say({
      en: 'The evidence was altered',
      fr: 'Les preuves ont été altérées',
    })
    const where = `${writer} #${seq}${id === null ? '' : ` (${id})`}`
    const signed = number === undefined ? '' : ` [checkpoint ${number}]`
    return terminal.out(`${terminal.paint('red', said)} : ${problem}, ${where}${signed}`)
  }
  if (report.interrupted) {
    const en = `stopped after ${records} records; nothing was found so far`
    const fr = `arrêté après ${records} enregistrements ; rien n'a été trouvé jusque-là`
    return terminal.note(terminal.say({ en, fr }))
  }
  const gone = removed > 0 ? { en: `, ${removed} taken out`, fr: `, ${removed} retirés` } : NOTHING
  const emptied = erased > 0 ? { en: `, ${erased} erased`, fr: `, ${erased} effacés` } : NOTHING
  terminal.out(
    terminal.say({
      en: `${records} records, every link holds${emptied.en}${gone.en}; ${checkpoints.count} signed checkpoints.`,
      fr: `${records} enregistrements, chaque maillon tient${emptied.fr}${gone.fr} ; ${checkpoints.count} points de contrôle signés.`,
    }),
  )
  if (!isKeyKnown && checkpoints.count > 0) {
    terminal.note(
      terminal.say({
        en: 'The signing key was taken from the database itself: pass the one you know with --public-key.',
        fr: 'La clé de signature a été prise dans la base elle-même : donnez celle que vous connaissez avec --public-key.',
      }),
    )
  }
  if (report.anchored.length > 0) return undefined
  return terminal.note(
    terminal.say({
      en: 'A truncation shows only against checkpoints kept elsewhere: configure `evidence.anchors`, then `ecluse audit verify --anchor FILE`.',
      fr: 'Une troncature ne se voit que face à des points de contrôle gardés ailleurs : configurez `evidence.anchors`, puis `ecluse audit verify --anchor FICHIER`.',
    }),
  )
}

const NOTHING = { en: '', fr: '' }

/** Number of the last checkpoint made by then; 0: from the start. */
async function checkpointBefore({ signed }: EvidenceReader, time: number): Promise<number> {
  let last = 0
  if (time <= 0) return last
  for await (const { number, body } of signed.checkpoints(1)) {
    const at = readCheckpoint(body)?.at
    if (at === undefined || at > time) break
    last = number
  }
  return last
}

/** The checkpoints that an anchor file has now; a line that is none is left out, and the one it should have been is missed. */
function anchoredIn(path: string): () => AsyncGenerator<SignedCheckpoint, void> {
  const { size } = statSync(path)
  return async function* () {
    if (size === 0) return
    for await (const line of createInterface({
      input: createReadStream(path, { end: size - 1 }),
    })) {
      const checkpoint = readAnchorLine(line)
      if (checkpoint) yield checkpoint
    }
  }
}

/** `audit checkpoint`: where each chain ends, for those who keep that by hand. */
export async function checkpoint(context: Context, evidence: EvidenceReader): Promise<ExitCode> {
  const heads = (await evidence.heads()).map((head) => ({ ...head, hash: hex(head.hash) }))
  context.terminal.out(JSON.stringify(heads))
  return 0
}

function readHeads(path: string | undefined): readonly Checkpoint[] | null {
  if (path === undefined) return []
  try {
    const read = Heads.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return read.success ? read.data : null
  } catch {
    return null
  }
}
