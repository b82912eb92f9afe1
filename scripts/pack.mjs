// `prepack`: src/**/*.ts becomes dist/**/*.js, because Node does not strip types inside node_modules; then the page.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isNewEnough } from '../bin/find-node.mjs'
import { ensureWebBuilt } from './build-web.mjs'
import { prepare, root } from './prepare.mjs'

// What tests and readers need stays out of the package.
const LEFT_OUT = /(^|\/)(cases|fixtures|testing)\/|\.(test|child)\.ts$|\.d\.ts$|\.md$/

if (isNewEnough(process.versions.node)) {
  await pack()
} else {
  const node = await prepare()
  const args = ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url)]
  process.exitCode = spawnSync(node, args, { stdio: 'inherit' }).status ?? 1
}

async function pack() {
  // Older Nodes cannot even load it.
  const { toJavaScript } = await import('./to-javascript.mjs')
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const modules = writeDist((path, source) => toJavaScript(path, source, imports))
  console.error(`dist: ${modules} modules`)
  if (existsSync(join(root, 'web', 'package-lock.json'))) {
    await ensureWebBuilt({ root, onStatus: (line) => console.error(line) })
  }
}

/** Written beside and renamed, so that a failure leaves the old dist whole. Returns the number of modules. */
function writeDist(translate) {
  const draft = join(root, '.ecluse', `dist-${process.pid}`)
  rmSync(draft, { recursive: true, force: true })
  const paths = sources()
  for (const path of paths) write(draft, path, translate)
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  renameSync(draft, join(root, 'dist'))
  return paths.filter((path) => path.endsWith('.ts')).length
}

function sources() {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'src').length + 1))
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !LEFT_OUT.test(path))
}

function write(draft, path, translate) {
  const from = join(root, 'src', path)
  const to = join(draft, path.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(to), { recursive: true })
  if (path.endsWith('.ts')) writeFileSync(to, translate(path, readFileSync(from, 'utf8')))
  else cpSync(from, to)
}
