import { spawn } from 'node:child_process'

/** Runs a program and resolves with `{ code, output }`; output is empty when `show` lets it write to our own terminal. */
export function runCommand(program, args, { cwd, env = process.env, show = false, limitMs }) {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    const limit = setTimeout(() => {
      output += `\nstopped after ${limitMs / 1000} s\n`
      child.kill('SIGKILL')
    }, limitMs)
    const keep = (chunk) => (output += chunk)
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    const finish = (code) => {
      clearTimeout(limit)
      resolve({ code, output })
    }
    child.on('error', (error) => {
      output += error.message
      finish(127)
    })
    // A killed program has no code; it did not succeed either.
    child.on('close', (code) => finish(code ?? 1))
  })
}
