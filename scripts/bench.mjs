// `npm run bench`: the gateway beside its peers; `npm run bench:classify`: classification. Options go through.
import { spawnSync } from 'node:child_process'
import { prepare, root } from './prepare.mjs'

const [name, ...options] = process.argv.slice(2)
const node = await prepare()
const { status } = spawnSync(node, [`bench/${name}.ts`, ...options], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
