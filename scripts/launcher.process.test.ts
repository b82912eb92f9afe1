import assert from 'node:assert/strict'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'

const bin = join(import.meta.dirname, '..', 'bin')
// No process has this id: Linux stops at 2^22.
const NO_PROCESS = 2 ** 30

const PROGRAM = `
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'exit') return Number(argv[1])
  if (argv[0] === 'crash') throw new Error('a bug')
  if (argv[0] === 'serve') {
    const stopped = new Promise<number>((resolve) => {
      const alive = setInterval(() => {}, 1000)
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(signal, () => {
          console.log(signal)
          clearInterval(alive)
          setImmediate(() => resolve(0))
        })
      }
    })
    console.log('serving ' + process.pid)
    return stopped
  }
  await import('node:sqlite')
  console.log('ran ' + argv.join(' '))
  return 0
}
`

/** A clone with nothing to install: npm works without a network. */
function clone(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'ecluse-clone-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  cpSync(bin, join(root, 'bin'), { recursive: true })
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'src', 'main.ts'), PROGRAM)
  const manifest = { name: 'clone', version: '1.0.0', type: 'module' }
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest))
  const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest } }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock))
  return root
}

interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

function launch(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [join(root, 'bin', 'ecluse.mjs'), ...args], {
    env: { ...process.env, LC_ALL: 'C', ...env },
  })
  return follow(child)
}

interface Running {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
}

function follow(child: ChildProcessWithoutNullStreams): Running {
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'close').then(([code, signal]): Ended => ({
    code,
    signal,
    stdout,
    stderr,
  }))
  return { child, ended }
}

describe('the launcher', () => {
  test('the first start installs and says so, the second only runs', async (t) => {
    const root = clone(t)
    const first = await launch(root, ['hello', 'you']).ended
    assert.equal(first.code, 0, first.stderr)
    assert.equal(first.stdout, 'ran hello you\n')
    assert.match(first.stderr, /Installing[^]*Installed in \d+ s\./)

    const second = await launch(root, ['again']).ended
    assert.deepEqual(second, { code: 0, signal: null, stdout: 'ran again\n', stderr: '' })
  })

  test('a changed lock file is installed again', async (t) => {
    const root = clone(t)
    await launch(root, []).ended
    const path = join(root, 'package-lock.json')
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n`)
    assert.match((await launch(root, []).ended).stderr, /Installing/)
  })

  test('two first starts install once', async (t) => {
    const root = clone(t)
    const both = await Promise.all([launch(root, ['a']).ended, launch(root, ['b']).ended])
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
    )
    const installs = both.filter(({ stderr }) => stderr.includes('Installed in'))
    assert.equal(installs.length, 1)
    assert.equal(existsSync(join(root, '.ecluse', 'installing')), false)
  })

  test('a lock left by a dead process stops nobody', async (t) => {
    const root = clone(t)
    const lock = join(root, '.ecluse', 'installing')
    mkdirSync(lock, { recursive: true })
    writeFileSync(join(lock, 'owner.json'), JSON.stringify({ pid: NO_PROCESS, host: hostname() }))
    assert.equal((await launch(root, []).ended).code, 0)
  })

  test('without npm it says what to do, in the language of the person', async (t) => {
    const root = clone(t)
    const empty = { PATH: root, npm_execpath: '' }
    // A Node that has no npm beside it.
    const node = join(root, 'node')
    cpSync(process.execPath, node)
    const english = follow(spawn(node, [join(root, 'bin', 'ecluse.mjs')], { env: { ...empty } }))
    assert.match((await english.ended).stderr, /npm was not found/)
    const french = await follow(
      spawn(node, [join(root, 'bin', 'ecluse.mjs')], { env: { ...empty, LANG: 'fr_FR.UTF-8' } }),
    ).ended
    assert.match(french.stderr, /npm est introuvable/)
    assert.equal(french.code, 2)
  })

  test('it ends as the program ends, and a bug is no answer', async (t) => {
    const root = clone(t)
    assert.equal((await launch(root, ['exit', '1']).ended).code, 1)
    assert.equal((await launch(root, ['exit', '3']).ended).code, 3)
    const crash = await launch(root, ['crash']).ended
    assert.equal(crash.code, 2)
    assert.match(crash.stderr, /a bug/)
  })
})

describe('the launcher under an older Node', () => {
  /** What launch.mjs does there, with the running Node in the role of the packaged one. */
  function launchUnder(root: string, args: readonly string[]): Running {
    const code = `
      const { runUnder } = await import(${JSON.stringify(join(root, 'bin', 'run-under.mjs'))})
      await runUnder(process.execPath, ${JSON.stringify(join(root, 'bin', 'run.mjs'))}, ${JSON.stringify(args)})`
    // Away from the terminal of whoever runs the tests: in its foreground, SIGINT would count as a Ctrl-C.
    return follow(spawn(process.execPath, ['--input-type=module', '-e', code], { detached: true }))
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`${signal} reaches the program once, and its exit code comes back`, async (t) => {
      const { child, ended } = launchUnder(clone(t), ['serve'])
      await once(child.stdout, 'data')
      child.kill(signal)
      const { code, stdout } = await ended
      assert.equal(code, 0)
      assert.match(stdout, new RegExp(`^serving \\d+\\n${signal}\\n$`))
    })
  }

  test('exit codes and arguments pass through, and no warning is shown', async (t) => {
    const root = clone(t)
    assert.equal((await launchUnder(root, ['exit', '7']).ended).code, 7)
    const ran = await launchUnder(root, ['a b', '--c']).ended
    assert.deepEqual(ran, { code: 0, signal: null, stdout: 'ran a b --c\n', stderr: '' })
  })

  test('a program killed by a signal is reported as killed by it', async (t) => {
    const { child, ended } = launchUnder(clone(t), ['serve'])
    const [line]: Buffer[] = await once(child.stdout, 'data')
    process.kill(Number(line?.toString().split(' ')[1]), 'SIGKILL')
    assert.equal((await ended).signal, 'SIGKILL')
  })

  test('a launcher killed outright takes the program with it', async (t) => {
    const { child, ended } = launchUnder(clone(t), ['serve'])
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    // The program holds the other end of stdout: close comes when it has ended too.
    assert.match((await ended).stdout, /SIGTERM\n$/)
  })
})
