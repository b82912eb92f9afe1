import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ask, chat, cloudConfig, testHome } from './support/gateway.ts'
import { runProgram, startProgram } from './support/process.ts'
import { startUpstream } from './support/upstream.ts'

const TERM = 'Projet Aurore'
const PASSAGE = `Le quai numéro quatre sera rouvert au printemps après la pose des vantaux, puis la passerelle
provisoire sera démontée par l'équipe de nuit et rangée au dépôt du canal, où le chef de poste tiendra la liste des
pièces jusqu'à la visite de contrôle que la direction a fixée au premier mardi de juin.`

/** The real program with its data directory, and the class that a text gets from it. */
async function program(t: TestContext, flags: readonly string[]) {
  const upstream = await startUpstream(t)
  const home = testHome(t)
  writeFileSync(join(home, 'ecluse.yaml'), cloudConfig(upstream.url))
  const env = { ECLUSE_HOME: home, CLOUD_KEY: 'test-cloud-key' }
  const command = (args: readonly string[], input?: string) => runProgram(t, args, env, input)
  const started = startProgram(t, ['serve', ...flags, '--listen', '127.0.0.1:0', '--json'], env)
  const [line] = await started.until(/^\{"url".*\}$/m)
  const { url, adminKeyFile }: { url: string; adminKeyFile: string } = JSON.parse(line)
  const key = readFileSync(adminKeyFile, 'utf8').trim()
  /** Distinct classes of some calls, each on a connection of its own so that every worker is asked. */
  const classes = async (text: string): Promise<readonly (string | null)[]> => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        chat({ url, key }, { body: ask(text), headers: { connection: 'close' } }),
      ),
    )
    for (const answer of answers) await answer.text()
    return [...new Set(answers.map(({ headers }) => headers.get('x-ecluse-class')))]
  }
  /** The change has reached every worker. */
  const until = async (text: string, expected: string): Promise<void> => {
    for (;;) {
      t.signal.throwIfAborted()
      const now = await classes(text)
      if (now.length === 1 && now[0] === expected) return
    }
  }
  return { home, url, key, env, command, classes, until, started }
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())

for (const flags of [[], ['--workers', '2']]) {
  const where = flags.length === 0 ? 'one process' : 'workers'
  test(`what the company tells is in force at once, in ${where}, and nowhere in clear`, async (t) => {
    const { home, command, classes, until, started } = await program(t, flags)
    const text = `Où en est le ${TERM.toUpperCase()} ?`
    assert.deepEqual(await classes(text), ['public'])
    assert.deepEqual(await classes(PASSAGE), ['public'])

    const csv = join(home, '..', `${home.split('/').at(-1)}.csv`)
    writeFileSync(csv, `id;terme\n1;${TERM}\n2;"Vermillon ""Nord"""\n`)
    const imported = await command([
      'terms',
      'import',
      'projects',
      csv,
      '--class',
      'restricted',
      '--json',
    ])
    assert.equal(imported.code, 0, imported.text)
    assert.deepEqual(JSON.parse(imported.text), { id: 'projects', added: 2, known: 0, refused: [] })
    await until(text, 'restricted')

    const registered = await command(['documents', 'register', '-', '--id', 'plan'], PASSAGE)
    assert.equal(registered.code, 0, registered.text)
    await until(`On m'écrit ceci : ${PASSAGE.toLowerCase()} Qu'en penser ?`, 'confidential')
    const pattern = await command(['terms', 'add', 'codes', '--pattern', 'PRJ-\\d{4}'])
    assert.equal(pattern.code, 0, pattern.text)
    await until('dossier PRJ-0042', 'confidential')
    assert.deepEqual(await classes(text), ['restricted'])

    const listed = await command(['terms', 'list'])
    assert.match(listed.text, /projects +inflected +restricted +company +2/)
    const removed = await command(['terms', 'remove', 'projects', TERM])
    assert.equal(removed.code, 0, removed.text)
    await until(text, 'public')
    const kept = await command(['terms', 'test', `${TERM}, vermillon-nord`, '--json'])
    assert.equal(kept.code, 0)
    assert.equal(JSON.parse(kept.text).spans.length, 1)

    started.child.kill('SIGTERM')
    assert.equal(await started.ended, 0)
    const audited = await command(['audit', 'verify'])
    assert.equal(audited.code, 0, audited.text)
    assert.ok(filesIn(home).some((path) => path.endsWith('own-terms.bin')))
    for (const path of filesIn(home)) {
      const bytes = readFileSync(path)
      for (const secret of [
        'Aurore',
        'aurore',
        'Vermillon',
        'vermillon',
        'PRJ-',
        'vantaux',
        'passerelle\nprovisoire',
      ]) {
        for (const encoding of ['utf8', 'utf16le'] as const)
          assert.equal(bytes.indexOf(Buffer.from(secret, encoding)), -1, `${path}: ${secret}`)
      }
    }
    assert.ok(!/aurore|vermillon|vantaux/i.test(started.printed()))
  })
}

test('commands without a gateway work on the data directory, and tell refusals with their codes', async (t) => {
  const home = testHome(t)
  const env = { ECLUSE_HOME: home, LANG: 'fr_FR.UTF-8' }
  const command = (args: readonly string[], input?: string) =>
    runProgram(t, [...args, '--no-discover'], env, input)
  const added = await command(['terms', 'import', 'clients', '-'], 'Société Étoile\nle\n\nNovéa\n')
  assert.equal(added.code, 1, 'a refused line is said')
  assert.match(added.text, /2 ajoutés, 0 déjà connus, 1 refusés/)
  assert.match(added.text, /ligne 2/)
  assert.equal((await command(['terms', 'test', 'la societe etoile'])).code, 0)
  assert.equal((await command(['terms', 'test', 'rien du tout'])).code, 1)
  const slow = await command(['terms', 'add', 'slow', '--pattern', '(a+)+$'])
  assert.equal(slow.code, 1)
  assert.match(slow.text, /répétition/)
  assert.equal((await command(['terms', 'add', 'Pas Un Nom', 'terme'])).code, 1)
  assert.equal((await command(['terms', 'add', 'x', 'terme', '--class', 'secret'])).code, 3)
  assert.equal((await command(['terms', 'remove', 'inconnue'])).code, 1)
  assert.equal((await command(['terms', 'frobnicate'])).code, 3)
  assert.equal((await command(['documents', 'register', join(home, 'missing.txt')])).code, 2)
  const short = await command(
    ['documents', 'register', '-', '--id', 'note'],
    'trois mots seulement',
  )
  assert.equal(short.code, 1)

  const streamed = await command(['classify', '--stream', '-'], 'Le dossier avance.')
  assert.match(streamed.text, /"label":\{"class":"public"/)
  const known = await command(['classify', '--stream', '-'], 'Écrire à la société ÉTOILE.')
  assert.match(known.text, /COMPANY_TERM[^]*"label":\{"class":"confidential"/)

  const file = join(home, 'own-terms.bin')
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('x')]))
  const broken = await command(['terms', 'test', 'bonjour'])
  assert.equal(broken.code, 2)
  const classified = await command(['classify', '--text', 'bonjour', '--json'])
  assert.deepEqual(JSON.parse(classified.text).label, {
    class: 'restricted',
    categories: [],
    undetermined: true,
  })
})
