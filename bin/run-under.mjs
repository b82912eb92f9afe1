import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs `script` under another Node with our terminal, passes signals on, and ends as it ends:
 * with its exit code, or killed by the same signal.
 */
export function runUnder(node, script, args) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ECLUSE_LAUNCHER_PID: String(process.pid) },
  })
  const hadTerminal = terminal() !== null
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      if (!reachedChildAlready(signal, hadTerminal)) child.kill(signal)
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      for (const name of FORWARDED) process.removeAllListeners(name)
      process.exitCode = code ?? 1
      if (signal) process.kill(process.pid, signal)
      resolve()
    })
  })
}

/** Ctrl-C and a closing terminal signal the whole foreground group, the child included: passing those on would deliver them twice. */
function reachedChildAlready(signal, hadTerminal) {
  if (signal === 'SIGTERM') return false
  if (process.platform === 'win32') return true
  const now = terminal()
  return now ? now.foreground : hadTerminal && signal === 'SIGHUP'
}

/** Our controlling terminal, and whether we are its foreground group (proc_pid_stat(5): pgrp, session, tty_nr, tpgid); null without one. */
function terminal() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [group, , tty, foreground] = fields.slice(2, 6).map(Number)
    return tty === 0 ? null : { foreground: group === foreground }
  } catch {
    return null
  }
}
