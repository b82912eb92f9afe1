// `npm run check`: types, lint, format and layers. Every step runs, whatever the others say.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { prepare, root } from './prepare.mjs'
import { runCommand } from './run-command.mjs'

const LIMIT_MS = 5 * 60_000
const web = join(root, 'web')
const hasWeb = existsSync(join(web, 'package-lock.json'))
const node = await prepare(hasWeb ? [root, web] : [root])
const tool = (folder, name) => join(folder, 'node_modules', '.bin', name)

const steps = [
  { name: 'types', command: [tool(root, 'tsc'), '-p', '.'] },
  ...(hasWeb ? [{ name: 'types of web', command: [tool(web, 'tsc'), '-p', '.'], cwd: web }] : []),
  { name: 'lint', command: [tool(root, 'oxlint'), '--type-aware'] },
  { name: 'format', command: [tool(root, 'oxfmt'), '--check'] },
  { name: 'layers', command: [node, 'scripts/layers.ts'] },
]

let failed = 0
for (const { name, command, cwd = root } of steps) {
  const started = Date.now()
  const [program, ...args] = command
  const env = { ...process.env, NO_COLOR: '1' }
  const { code, output } = await runCommand(program, args, { cwd, env, limitMs: LIMIT_MS })
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (code !== 0) {
    failed += 1
    console.log(output.trimEnd().replaceAll(/^/gm, '  '))
  }
}
process.exitCode = failed === 0 ? 0 : 1
