/** One import of a source file, as written. */
export interface Import {
  readonly specifier: string
  /** Nothing is left of it at run time. */
  readonly typeOnly: boolean
  /** The imported names, before any `as`. */
  readonly names: readonly string[]
  readonly line: number
}

// The formatter starts every import and export at the left margin and never splits the keyword from its clause.
const STATEMENT =
  /^(?:import|export)\s+(type\s+)?(?:([\w$*{][^'"`;=()]*?)\s*\bfrom\s+)?['"]([^'"\n]+)['"]/gm
const EXPRESSION = /\bimport\(\s*['"]([^'"\n]+)['"]\s*[,)]/g

/** Every static and dynamic import of a TypeScript source; template strings and comments at the left margin are not code. */
export function importsOf(source: string): readonly Import[] {
  const code = withoutComments(source)
  const statements = Array.from(code.matchAll(STATEMENT), (match): Import => {
    const clause = match[2] ?? ''
    const parts = namedParts(clause)
    return {
      specifier: match[3] ?? '',
      typeOnly:
        match[1] !== undefined ||
        (parts.length > 0 && parts.every(isType) && clause.trimStart().startsWith('{')),
      names: parts.map((part) => part.replace(/^type\s+/, '').split(/\s+as\s+/)[0] ?? ''),
      line: lineAt(code, match.index),
    }
  })
  const expressions = Array.from(code.matchAll(EXPRESSION), (match): Import => ({
    specifier: match[1] ?? '',
    // `import('./x.ts').Thing` in a type position reads the same; being strict costs an `import type`.
    typeOnly: false,
    names: [],
    line: lineAt(code, match.index),
  }))
  return [...statements, ...expressions]
}

const isType = (part: string): boolean => /^type\s/.test(part)

function namedParts(clause: string): readonly string[] {
  return clause
    .replaceAll(/[{}]/g, ',')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Comment lines become empty, so that line numbers stay. */
function withoutComments(source: string): string {
  let inBlock = false
  return source
    .split('\n')
    .map((line) => {
      const start = line.trimStart()
      const comment = inBlock || start.startsWith('//') || start.startsWith('/*')
      if (comment && (inBlock || start.startsWith('/*'))) inBlock = !line.includes('*/')
      return comment ? '' : line
    })
    .join('\n')
}

const lineAt = (code: string, index: number): number => code.slice(0, index).split('\n').length
