import { stripTypeScriptTypes } from 'node:module'
import { posix } from 'node:path'

// `from '…'`, `import '…'`, `import('…')` and `new URL('…', import.meta.url)`: the ways a module names another.
const SPECIFIER =
  /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s*|\bimport\.meta\.resolve\(\s*|\bnew URL\(\s*)(['"])(\.{1,2}\/[^'"\n]+|#[^'"\n]+)\2/g
// What a rewrite must not have missed: a string that still names a TypeScript module of ours.
const LEFT_OVER = /(['"`])(\.{1,2}\/|#)[^'"`\n]*(?<!\.d)\.ts\1/
const COMMENT_LINE = /^\s*(\/\/|\/?\*).*$/gm

/**
 * One TypeScript module as JavaScript, lines and columns kept: types become spaces, `#room/x.ts` and `./x.ts` become
 * relative `.js`. `path` is relative to src, with `/`; `imports` is the field of package.json.
 * @throws Error when a specifier is unknown or one was not rewritten.
 */
export function toJavaScript(path, source, imports) {
  const code = stripTypeScriptTypes(source).replaceAll(
    SPECIFIER,
    (_whole, keyword, quote, specifier) =>
      `${keyword}${quote}${rewritten(path, specifier, imports)}${quote}`,
  )
  const missed = LEFT_OVER.exec(code.replaceAll(COMMENT_LINE, ''))
  if (missed) throw new Error(`src/${path} still names ${missed[0]}: it would not be found`)
  return code
}

function rewritten(path, specifier, imports) {
  const target = specifier.startsWith('#') ? relativeTo(path, specifier, imports) : specifier
  return target.replace(/(?<!\.d)\.ts$/, '.js')
}

function relativeTo(path, specifier, imports) {
  const target = resolveSubpath(specifier, imports)
  if (!target?.startsWith('./src/')) throw new Error(`src/${path} imports unknown ${specifier}`)
  const way = posix.relative(posix.dirname(path), target.slice('./src/'.length))
  return way.startsWith('.') ? way : `./${way}`
}

function resolveSubpath(specifier, imports) {
  if (imports[specifier]) return imports[specifier]
  const pattern = Object.keys(imports).find(
    (key) => key.endsWith('*') && specifier.startsWith(key.slice(0, -1)),
  )
  return pattern && imports[pattern].replace('*', specifier.slice(pattern.length - 1))
}
