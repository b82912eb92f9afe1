import { acquireHomeLock } from './home-lock.ts'

// A process that holds the data directory until it is ended.
const holder = { pid: process.pid, listen: '127.0.0.1:4141', startedAt: Date.now() }
const lock = acquireHomeLock(process.argv[2] ?? '', holder)
process.stdout.write(`${lock.ok ? 'held' : lock.error.code}\n`)
process.stdin.resume()
// A lock must not depend on somebody keeping a reference to it.
setInterval(() => globalThis.gc?.(), 5)
