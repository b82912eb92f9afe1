import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { inspect } from 'node:util'

/**
 * A reporter for node:test: a line per file, every failure in full, skips with their reason, and node's own summary.
 * The totals go as JSON into the file named by ECLUSE_TEST_COUNTS.
 */
async function* report(source) {
  const files = new Map()
  const failures = []
  let current
  for await (const { type, data } of source) {
    if (data.file && (type === 'test:pass' || type === 'test:fail' || type === 'test:start')) {
      if (current && current !== data.file && files.has(current)) yield line(current, files)
      current = data.file
    }
    if (type === 'test:start') enter(fileOf(files, data.file), data)
    if (type === 'test:pass' || type === 'test:fail') {
      const file = fileOf(files, data.file)
      const name = [...file.parents.slice(0, data.nesting), data.name].join(' > ')
      if (data.details.type !== 'suite') file.tests += 1
      file.ms += data.nesting === 0 ? data.details.duration_ms : 0
      if (data.skip !== undefined) yield `﹣ ${name}${reason(data.skip)}\n`
      if (type === 'test:fail' && !isEcho(data)) {
        file.failed += 1
        failures.push({ name, data })
        yield `✖ ${name}\n`
      }
    }
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message
    if (type === 'test:diagnostic') {
      if (current && files.has(current)) yield line(current, files)
      current = undefined
      yield `ℹ ${data.message}\n`
    }
    if (type === 'test:summary' && data.file === undefined) {
      writeFileSync(process.env.ECLUSE_TEST_COUNTS, JSON.stringify(data.counts))
    }
  }
  for (const failure of failures) yield describe(failure)
}

// The test runner takes its reporters as default exports.
// oxlint-disable-next-line import/no-default-export
export default report

function fileOf(files, path) {
  if (!files.has(path)) files.set(path, { tests: 0, failed: 0, ms: 0, parents: [] })
  return files.get(path)
}

function enter(file, { name, nesting }) {
  file.parents.length = nesting
  file.parents[nesting] = name
}

function line(path, files) {
  const { tests, failed, ms } = files.get(path)
  files.delete(path)
  return `${failed === 0 ? '✔' : '✖'} ${shown(path)} (${tests} tests, ${Math.round(ms)} ms)\n`
}

/** A parent fails because a child did: the child says why. */
const isEcho = ({ details }) => details.error?.failureType === 'subtestsFailed'

function describe({ name, data }) {
  const { error } = data.details
  const place = data.line ? `${shown(data.file)}:${data.line}` : shown(data.file)
  const text = inspect(error?.cause ?? error, { colors: process.stdout.isTTY === true })
  return `\n✖ ${name}\n  at ${place}\n${text.replaceAll(/^/gm, '  ')}\n`
}

const shown = (path) => (path ? relative(process.cwd(), path) : 'unknown file')
const reason = (skip) => (typeof skip === 'string' && skip ? `: ${skip}` : '')
