import { holdsConsistency, proveConsistency } from '#ledger/evidence/consistency.ts'
import { proveRecords } from '#ledger/evidence/prove.ts'
import { readCheckpoint } from '#ledger/evidence/checkpoint.ts'
import { hex } from '#ledger/hash.ts'
import type { Context, EvidenceReader, ExitCode } from '../command.ts'
import { withAdmin } from '../with-admin.ts'

/** `audit prove ID`: that a decision and its outcome are covered by a signed checkpoint. */
export async function proveDecision(
  id: string,
  { terminal }: Context,
  evidence: EvidenceReader,
): Promise<ExitCode> {
  const proofs = await proveRecords(evidence, evidence.signed, id)
  if (proofs.length === 0) {
    terminal.note(terminal.say({ en: `no record ${id}`, fr: `pas d'enregistrement ${id}` }))
    return 1
  }
  const keys = (await evidence.signed.keys()).map(({ key }) => hex(key))
  if (terminal.json) {
    terminal.out(JSON.stringify({ id, keys, proofs }))
    return 0
  }
  for (const { header, inclusion } of proofs) {
    terminal.out(`${header['type']}  ${header['writer']} #${header['seq']}  leaf ${header['leaf']}`)
    const covered = inclusion && readCheckpoint(inclusion.checkpoint.body)
    terminal.out(
      covered
        ? terminal.say({
            en: `  in checkpoint ${covered.number} of ${new Date(covered.at).toISOString()}, signed by ${covered.key}`,
            fr: `  dans le point de contrôle ${covered.number} du ${new Date(covered.at).toISOString()}, signé par ${covered.key}`,
          })
        : terminal.say({
            en: '  in no checkpoint yet',
            fr: '  dans aucun point de contrôle pour le moment',
          }),
    )
  }
  return 0
}

/** `audit checkpoints`: those that were signed. */
export async function listCheckpoints(
  { terminal }: Context,
  { signed }: EvidenceReader,
): Promise<ExitCode> {
  for await (const { body, signature } of signed.checkpoints(1)) {
    const read = readCheckpoint(body)
    if (terminal.json) terminal.out(JSON.stringify({ body, signature: hex(signature) }))
    else if (read) {
      const at = new Date(read.at).toISOString()
      terminal.out(`#${read.number}  ${at}  ${read.records}  ${read.key.slice(0, 16)}`)
    }
  }
  return 0
}

/** `audit consistency FIRST SECOND`: that a later checkpoint holds an earlier one and all before it. */
export async function proveHistory(
  numbers: readonly (string | undefined)[],
  { terminal }: Context,
  { signed }: EvidenceReader,
): Promise<ExitCode> {
  const [first = 0, second = 0] = numbers.map(Number)
  if (!(first >= 1 && first < second)) {
    terminal.note('ecluse audit consistency FIRST SECOND')
    return 3
  }
  const proof = await proveConsistency(signed, first, second)
  if (!proof) {
    const which = `${first}, ${second}`
    terminal.note(
      terminal.say({
        en: `not both of these checkpoints are here: ${which}`,
        fr: `ces points de contrôle ne sont pas tous deux ici : ${which}`,
      }),
    )
    return 1
  }
  const holds = holdsConsistency(proof)
  if (terminal.json) terminal.out(JSON.stringify({ ok: holds, ...proof }))
  else if (holds) {
    terminal.out(
      terminal.say({
        en: `Checkpoint ${second} holds checkpoint ${first} and all before it, unchanged.`,
        fr: `Le point de contrôle ${second} contient le ${first} et tous ceux d'avant, inchangés.`,
      }),
    )
  } else {
    terminal.note(
      terminal.say({
        en: `Checkpoint ${second} does not hold checkpoint ${first} as it is here: \`ecluse audit verify\` names the fault.`,
        fr: `Le point de contrôle ${second} ne contient pas le ${first} tel qu'il est ici : \`ecluse audit verify\` nomme la faute.`,
      }),
    )
  }
  return holds ? 0 : 1
}

/** `audit keys`: the public keys that sign, to be kept where checkpoints are looked at. */
export async function listKeys(
  { terminal }: Context,
  { signed }: EvidenceReader,
): Promise<ExitCode> {
  for (const { generation, key, signature } of await signed.keys()) {
    const row = { generation, key: hex(key), signature: signature && hex(signature) }
    terminal.out(terminal.json ? JSON.stringify(row) : `${generation}  ${row.key}`)
  }
  return 0
}

/** `audit rotate-key`: the next key signs from now on; the one before it says so. */
export const rotateKey = (context: Context): Promise<ExitCode> =>
  withAdmin(context, async (admin) => {
    const answer = await admin.request('POST', '/api/evidence/rotate-key')
    context.terminal.out(JSON.stringify(answer.body))
    return answer.status === 200 ? 0 : 1
  })
