// `npm test [-- FILTER… --node-flag…]`: pure rooms in one process, then processes and end-to-end tests in one each.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureWebBuilt } from './build-web.mjs'
import { prepare, root } from './prepare.mjs'
import { runCommand } from './run-command.mjs'

/** On a quiet machine with two cores the longest takes a fifth of it. */
const PHASE_LIMIT_MS = 35 * 60_000
const web = join(root, 'web')
const hasWeb = existsSync(join(web, 'package-lock.json'))
const flags = process.argv.slice(2).filter((arg) => arg.startsWith('-'))
const filters = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))

const own = ['src', 'scripts', 'bin', 'bench', 'test'].flatMap(testsIn).filter(isWanted)
const phases = [
  {
    title: 'rooms',
    files: own.filter((path) => !needsProcess(path)),
    flags: [
      '--test-isolation=none',
      '--test-timeout=120000',
      `--import=${pathToFileURL(join(root, 'scripts', 'property-seed.mjs')).href}`,
    ],
    // one process uses one core: two share the files where there are two
    processes: Math.min(2, availableParallelism()),
  },
  {
    title: 'page',
    files: hasWeb ? testsIn(join('web', 'src')).filter(isWanted) : [],
    flags: ['--test-isolation=none', '--test-timeout=120000'],
  },
  {
    title: 'processes',
    files: own.filter(needsProcess),
    flags: ['--test-isolation=process', '--test-concurrency=2', '--test-timeout=300000'],
  },
].filter(({ files }) => files.length > 0)

const seed = propertySeed()
const node = await prepare(hasWeb ? [root, web] : [root])
const totals = { passed: 0, failed: 0, skipped: 0 }
let broken = !(await buildPage())
for (const phase of phases) broken = !(await runPhase(phase)) || broken
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
if (totals.passed + totals.failed === 0) console.error('no test ran')
process.exitCode = broken || totals.failed > 0 || totals.passed === 0 ? 1 : 0

/** The end-to-end tests open the page; the others do not wait for it. */
async function buildPage() {
  if (!hasWeb || !phases.some(({ title }) => title === 'processes')) return true
  try {
    await ensureWebBuilt({ root, onStatus: (line) => console.log(line) })
    return true
  } catch (error) {
    console.error(`web: ${error.message}`)
    return false
  }
}

/**
 * What generated input follows from: the same for the same sources, so that a run that failed fails again wherever it is
 * repeated, and another for every change of them.
 */
function propertySeed() {
  const { ECLUSE_TEST_SEED: given } = process.env
  if (given) return given
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD^{tree}'], { cwd: root, encoding: 'utf8' })
  const seed = Number.parseInt(stdout?.slice(0, 7) ?? '', 16)
  return String(Number.isNaN(seed) ? Date.now() % 2 ** 31 : seed)
}

async function runPhase(phase) {
  console.log(`\n${phase.title}: ${phase.files.length} files`)
  if (phase.title === 'rooms') console.log(`properties: ECLUSE_TEST_SEED=${seed}`)
  const processes = Math.min(phase.processes ?? 1, phase.files.length)
  const shares = Array.from({ length: processes }, (_, share) =>
    run({ ...phase, files: phase.files.filter((_, place) => place % processes === share) }),
  )
  return (await Promise.all(shares)).every(Boolean)
}

async function run({ title, files, flags: own }) {
  const folder = mkdtempSync(join(tmpdir(), 'ecluse-test-'))
  const counts = join(folder, 'counts.json')
  const reporter = join(root, 'scripts', 'test-reporter.mjs')
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--test',
    ...own,
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
    ...flags,
    ...files,
  ]
  // a process of its own for each file: what one has compiled serves the next
  const NODE_COMPILE_CACHE = join(root, '.ecluse', 'compile-cache')
  const env = {
    ...process.env,
    ECLUSE_TEST_COUNTS: counts,
    ECLUSE_TEST_SEED: seed,
    NODE_COMPILE_CACHE,
  }
  const { code, output } = await runCommand(node, args, {
    cwd: root,
    env,
    show: true,
    limitMs: PHASE_LIMIT_MS,
  })
  add(counts)
  rmSync(folder, { recursive: true, force: true })
  // what it shows goes straight to the terminal: the output kept here says only that it was stopped
  if (code !== 0) console.log(`${title}: the runner ended with ${code} ${output.trim()}`)
  return code === 0
}

function add(path) {
  if (!existsSync(path)) return
  const counts = JSON.parse(readFileSync(path, 'utf8'))
  totals.passed += counts.passed
  totals.failed += counts.failed + counts.cancelled
  totals.skipped += counts.skipped + counts.todo
}

function testsIn(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join(folder, path))
    .toSorted()
}

function needsProcess(path) {
  return path.startsWith(`test${sep}`) || path.endsWith('.process.test.ts')
}

/** A filter is a file, a folder, or else any part of a path. */
function isWanted(path) {
  return filters.length === 0 || filters.some((filter) => matches(filter, path))
}

function matches(filter, path) {
  const place = relative(root, resolve(root, filter))
  if (!existsSync(join(root, place))) return path.includes(filter)
  return path === place || path.startsWith(`${place}${sep}`)
}
