// Our gateway beside others: CPU time, latency, memory and correctness of what arrives. See bench/README.md.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort, start } from './gateway/processes.ts'
import { resultsPage, type Run } from './gateway/results.ts'
import { measureRounds, measureSlow, warmUp } from './gateway/rounds.ts'
import { soak, soakPage } from './gateway/soak.ts'
import { CHAT_32, SCENARIOS, TOKENS } from './gateway/scenarios.ts'
import {
  bare,
  direct,
  litellm,
  nginx,
  ours,
  portkey,
  STAGES,
  without,
  type Place,
  type Subject,
} from './gateway/subjects.ts'

const RESULTS = join(import.meta.dirname, 'RESULTS.md')
/** Heading under which a page of results keeps the last long run. */
const SOAK = '\n## soak'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'string', default: '' },
    stages: { type: 'boolean', default: false },
    slow: { type: 'boolean', default: false },
    soak: { type: 'string' },
    only: { type: 'string' },
    subject: { type: 'string' },
    rounds: { type: 'string' },
    profile: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.setMaxListeners(32)

const root = join(import.meta.dirname, '..')
const work = mkdtempSync(join(tmpdir(), 'ecl-bench-'))
const upstreamPort = await freePort()
const stub = await start(process.execPath, [join(root, 'bench/gateway/stub.ts')], {
  port: upstreamPort,
  env: { BENCH_TOKENS: String(TOKENS) },
})
const place: Place = { work, root, upstreamPort }
const subjects: Subject[] = []

try {
  subjects.push(direct(place), await bare(place))
  const plain = await nginx(place)
  if (plain) subjects.push(plain)
  else console.log('nginx is not installed: left out')
  const flags = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : []
  subjects.push(await ours(place, 'on-prem', flags), await ours(place, 'managed'))
  if (values.stages) for (const stage of STAGES) subjects.push(await without(place, stage))
  if (values.peers) await addPeers()

  const kept = subjects.filter(
    ({ id }) => !values.subject || /^(?:direct|bare)/.test(id) || id.includes(values.subject),
  )
  const chosen = SCENARIOS.filter(
    ({ id }) => !values.soak && (!values.only || id.startsWith(values.only)),
  )
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 7))
  const runs: Run[] = []
  const write = (slow: Parameters<typeof resultsPage>[1]): void => {
    if (!values.write) return
    const page = resultsPage(runs, slow, process.argv.slice(2))
    writeFileSync(RESULTS, page + lastSoak())
  }
  if (values.soak) await soakOnly(Number(values.soak))
  else await warmUp(CHAT_32, kept, values.quick ? 0.4 : 1)
  for (const scenario of chosen) {
    runs.push(await measureRounds(scenario, kept, rounds, values.quick ? 0.25 : 1))
    console.log(resultsPage(runs.slice(-1), null))
    write(null)
  }
  const slow =
    values.slow || (!values.quick && !values.only && !values.soak)
      ? await measureSlow(kept.filter(isWhole), values.quick)
      : null
  if (slow) console.log(resultsPage([], slow))
  write(slow)
} finally {
  await Promise.all([...subjects.map(({ program }) => program?.stop()), stub.stop()])
  rmSync(work, { recursive: true, force: true })
}

/** A long run of ours alone; with --write it takes the place of the last one on the page. */
async function soakOnly(minutes: number): Promise<void> {
  const own = subjects.find(({ id }) => id === 'écluse, own zone')
  if (!own) return
  const page = soakPage(await soak(own, minutes))
  console.log(page)
  if (!values.write) return
  const before = readFileSync(RESULTS, 'utf8').split(SOAK, 1)[0] ?? ''
  writeFileSync(RESULTS, `${before.trimEnd()}\n\n${page}`)
}

function lastSoak(): string {
  const known = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : ''
  const at = known.indexOf(SOAK)
  return at < 0 ? '' : known.slice(at)
}

/** Neither a peer nor one of our own with a stage left out: those would take minutes each. */
function isWhole({ id }: Subject): boolean {
  return !/without|managed|portkey|litellm/.test(id)
}

/** Installed on request only: other people's gateways, from their own packages. */
async function addPeers(): Promise<void> {
  for (const add of [portkey, litellm]) {
    if (!values.peers.includes(add.name)) continue
    try {
      subjects.push(await add(place))
    } catch (error) {
      console.log(
        `${add.name} could not be started: ${error instanceof Error ? error.message : ''}`,
      )
    }
  }
}
