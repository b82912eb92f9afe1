// `node test/leaks/run.ts --exchanges 1000000 --seed 1`: the long run; prints figures, ends with 1 when something leaked.
import { parseArgs } from 'node:util'
import { exchangeMany } from './exchanges.ts'

const { values } = parseArgs({
  options: {
    exchanges: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    every: { type: 'string', default: '0' },
  },
})
const tell = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`)
const every = Number(values.every)
const started = performance.now()
let told = 0
const report = await exchangeMany(Number(values.seed), Number(values.exchanges), (so) => {
  if (every === 0 || so.exchanges < told + every) return
  told = so.exchanges
  tell({ ...so, seconds: Math.round((performance.now() - started) / 1000) })
})
const { user, system } = process.cpuUsage()
const seconds = Math.round((performance.now() - started) / 1000)
tell({ ...report, seconds, cpuSeconds: Math.round((user + system) / 1e6) })
process.exit(report.leaks.length === 0 ? 0 : 1)
