import type { Config, EvidenceSettings } from '#config/types.ts'
import { deliver } from '#ledger/evidence/anchors.ts'
import { createCheckpointer } from '#ledger/evidence/checkpointer.ts'
import { currentSigner } from '#ledger/evidence/signing-keys.ts'
import { createFollower } from '#ledger/follower.ts'
import { hex } from '#ledger/hash.ts'
import { retain } from '#ledger/retain.ts'
import { DAY, HOURS_KEPT, startOf } from '#ledger/tally.ts'
import type { Observation } from '../telemetry/observation.ts'
import { openAnchors } from './anchors.ts'
import { TENANT, type Core } from './core.ts'
import type { Log } from './log.ts'

/** How often counts and blocks are brought up to date, and what is past its time is looked for. Milliseconds. */
const COUNT_MS = 5000
const RETAIN_MS = 3_600_000
const REFUSALS_MS = 60_000

export interface KeptEvidence {
  /** A request has ended; one that was refused before anything was decided is counted. */
  readonly seen: (observation: Observation) => void
  stop(): Promise<void>
}

/** Everything that is done with the ledger beside writing it: counting, signing, handing out, emptying. */
export function keepEvidence(
  core: Core,
  config: () => Pick<Config, 'evidence' | 'content'>,
  log: Log,
): KeptEvidence {
  const settings = () => config().evidence
  const { store, clock, ledger, refusals } = core
  const follower = createFollower({ ledger: store.ledger, index: store.index })
  const stopOffering = core.onCommitted((committed) => follower.offer(committed))
  const stopping = new AbortController()
  const jobs = [
    every(COUNT_MS, () =>
      store.alone('ledger-index', () => follower.catchUp(undefined, stopping.signal)),
    ),
    every(
      () => settings().checkpointMs,
      () => checkpoint(core, settings(), log),
    ),
    every(RETAIN_MS, () =>
      store.alone('retention', () =>
        retain({
          ...store,
          record: ledger,
          clock,
          settings: settings().retention,
          tenant: TENANT,
          signal: stopping.signal,
        })
          .then(() => store.content.removeBefore(clock() - config().content.keepMs))
          .then(() => store.heldAnswers.removeExpired(clock()))
          .then(() => store.index.foldHours(startOf(clock() - HOURS_KEPT, DAY)))
          .then(() => {}),
      ),
    ),
    every(RETAIN_MS, () => store.tidy(stopping.signal)),
    every(REFUSALS_MS, () => Promise.resolve(refusals.flush())),
  ].map((job) => job((error) => log('error', { msg: 'evidence', code: codeOf(error) })))
  return {
    seen({ refusal, decisionId, surface, decision }) {
      if (refusal !== null && decisionId === null)
        refusals.add(refusal, surface, decision?.key ?? null)
    },
    async stop() {
      stopping.abort()
      stopOffering()
      refusals.flush()
      await Promise.all(jobs.map((job) => job.stop()))
      await ledger.flush()
      await follower.catchUp().catch(() => {})
    },
  }
}

/** Signs what is new, leaves a record of it, and hands out what the places outside do not have. */
async function checkpoint(core: Core, { anchors }: EvidenceSettings, log: Log): Promise<void> {
  const { store, clock, ledger } = core
  await store.alone('checkpoint', async () => {
    const current = await currentSigner(store.evidence, core.evidenceKeys.seedOf)
    if (!current) return log('error', { msg: 'evidence', code: 'signing-key-unknown' })
    const { signer, generation } = current
    if (current.isNew) {
      const key = hex(signer.key)
      ledger.append(
        { type: 'signing-key', v: 1, generation, key, previous: null, actor: 'system' },
        { tenant: TENANT },
      )
    }
    const made = await createCheckpointer({
      ledger: store.ledger,
      evidence: store.evidence,
      signer,
      clock,
    }).make()
    if (made.kind === 'fault') {
      log('error', { msg: 'evidence', code: 'ledger-altered', writer: made.writer, seq: made.seq })
    }
    if (made.kind === 'made') {
      const { number } = made.checkpoint
      ledger.append({ type: 'checkpoint', v: 1, number, hash: made.hash }, { tenant: TENANT })
    }
    const open = openAnchors(anchors)
    const failed = await deliver(store.evidence, open)
    await Promise.all(open.map((anchor) => anchor.close()))
    for (const anchor of failed) log('warn', { msg: 'evidence', code: 'anchor-away', anchor })
  })
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'internal-error'

/** Runs work again and again, never twice at the same time. */
function every(pause: number | (() => number), work: () => Promise<void>) {
  return (failed: (error: unknown) => void) => {
    let running: Promise<void> = Promise.resolve()
    let timer: NodeJS.Timeout | null = null
    let isStopped = false
    const plan = (): void => {
      timer = setTimeout(run, typeof pause === 'number' ? pause : pause())
      timer.unref()
    }
    const run = (): void => {
      running = work()
        .catch(failed)
        .then(() => {
          if (!isStopped) plan()
        })
    }
    plan()
    return {
      async stop() {
        isStopped = true
        if (timer) clearTimeout(timer)
        await running
      },
    }
  }
}
