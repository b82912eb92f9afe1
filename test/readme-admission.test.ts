import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { findModel } from '../src/models/store/find-model.ts'
import { hub } from '../src/models/getting/testing/hub.ts'
import { STARTER, starterModelDir } from '../src/models/starter/starter-model.fixture.ts'
import { storePaths } from '../src/models/store/store-layout.ts'
import { ask, chat, testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'

const ROOT = join(import.meta.dirname, '..')
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

/** The commands and the refusal that the README's chapter shows. */
function chapter(): { readonly commands: readonly string[]; readonly refusal: string } {
  const [, text = ''] = README.split('## Admitting a model')
  const [, commands = '', , refusal = ''] = (text.split('\n## ')[0] ?? '').split(/```\w*\n/)
  const lines = commands.split('\n').map((line) => line.replace(/#.*/, '').trim())
  return { commands: lines.filter((line) => line !== ''), refusal: refusal.trim() }
}

const words = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

test("the README's chapter on admission does what it says, command by command, to the refusal", async (t) => {
  const starter = await starterModelDir()
  if ('skip' in starter) return t.skip(starter.skip)
  const manifest = await findModel(starter.dir, STARTER)
  assert.ok(manifest)
  const weights = await readFile(storePaths(starter.dir).blob(manifest.digest))
  // one weight differs from the model that the product knows
  weights.writeUInt8(weights.readUInt8(weights.length - 1000) ^ 1, weights.length - 1000)
  const licence = readFileSync(join(ROOT, 'LICENSE'))
  const { url: hubUrl } = await hub(t, { files: { 'model.gguf': weights, LICENSE: licence } })

  const home = testHome(t)
  const env = { ECLUSE_HOME: home }
  writeFileSync(
    join(home, 'ecluse.yaml'),
    `discover: false
models: {hub: "${hubUrl}"}
engine: {model: mine, context: 512}
policy:
  rules:
    - {id: approved-only, match: {classes: [public, internal]}, allow: {weights: approved}}
`,
  )
  const publisher = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = { type: 'spki', format: 'pem' } as const
  writeFileSync(join(home, 'publisher.pub'), publisher.publicKey.export(pem))
  const secret = publisher.privateKey.export({ type: 'pkcs8', format: 'pem' })
  writeFileSync(join(home, 'publisher.pem'), secret)
  const granite = join(home, 'granite')
  mkdirSync(granite)
  writeFileSync(join(granite, 'config.json'), '{}')
  const signing = ['--private-key', join(home, 'publisher.pem')]
  const bundle = ['--output-bundle', join(granite, 'model.sig')]
  const signed = await runProgram(t, ['models', 'sign', granite, ...signing, ...bundle], env)
  assert.equal(signed.code, 0, signed.text)

  const gateway = startProgram(t, ['serve', '--listen', '127.0.0.1:0', '--json'], env)
  const [line] = await gateway.until(/^\{"url".*\}$/m)
  const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
  const served = { url, key: readFileSync(adminKeyFile, 'utf8').trim() }
  const asking = async () => {
    const answer = await chat(served, { body: ask('Say hello.', { model: 'mine', max_tokens: 4 }) })
    const body: { error?: { code: string; message: string } } = JSON.parse(await answer.text())
    return { status: answer.status, ...body }
  }
  const { commands, refusal } = chapter()
  assert.equal(commands.length, 8)
  for (const command of commands) {
    const [program, ...args] = words(command)
    assert.equal(program, './ecluse')
    const given = args.map((word) =>
      word
        .replace('OWNER/NAME@REVISION', 'acme/small@main')
        // a house that was made today has no older bill
        .replace('2026-06-30', new Date().toISOString())
        .replace(/^(?:\.\/)?(granite|publisher\.pub|bom\.json)$/, join(home, '$1')),
    )
    // nothing serves before it is approved
    if (args[1] === 'approve') assert.equal((await asking()).status, 403)
    const { code, text } = await runProgram(t, given, env)
    // a difference is told by 1, as `diff` does: the gateway may have kept its bill a moment ago, or not yet
    assert.ok(code === 0 || (code === 1 && args[2] === 'diff'), `${command}\n${text}`)
  }
  const check = spawnSync(process.execPath, [
    join(ROOT, 'scripts', 'verify-bom.mjs'),
    join(home, 'bom.json'),
  ])
  assert.equal(check.status, 0, String(check.stderr))

  const until = async (status: number): Promise<Awaited<ReturnType<typeof asking>>> => {
    for (let left = 600; ; left -= 1) {
      const answer = await asking()
      if (answer.status === status) return answer
      assert.ok(left > 0, JSON.stringify(answer))
      await sleep(200)
    }
  }
  await until(200)
  const digest = createHash('sha256').update(weights).digest('hex')
  const file = await open(storePaths(join(home, 'models')).blob(digest), 'r+')
  await file.write(Buffer.of(weights.readUInt8(5000) ^ 1), 0, 1, 5000)
  await file.close()
  const stopped = await until(403)
  const { code, message } = stopped.error ?? {}
  const said = `${stopped.status} ${code}: ${message}`
  assert.ok(refusal !== '' && said.startsWith(refusal), said)
})
