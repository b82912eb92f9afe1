import { basename, dirname, posix } from 'node:path'
import { importsOf, type Import } from './imports-of.ts'
import {
  ABOVE,
  EMPTY_NAMES,
  EXITS,
  MINT,
  NETWORK,
  OPEN_FILES,
  OPENERS,
  ROOMS,
  WITHOUT_CONTENT,
} from './layer-rules.ts'

/** A path inside the repository, with `/`, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Everything in these files that breaks a rule of layer-rules.ts, as `path:line what`. Tests may import what they like. */
export function violations(files: readonly SourceFile[]): readonly string[] {
  const sources = files.filter(({ path }) => isSource(path))
  const found = sources.flatMap((file) =>
    importsOf(file.text).flatMap((each) =>
      problemsOf(file.path, each).map((problem) => `${file.path}:${each.line} ${problem}`),
    ),
  )
  return [
    ...found,
    ...sources.flatMap(exitProblems),
    ...badNames(files),
    ...missingReadmes(files),
    ...roomCycles(sources),
  ]
}

const isTest = (path: string): boolean =>
  /(\.(test|fixture|child)|-for-test)\.ts$/.test(path) || path.includes('/testing/')
const isSource = (path: string): boolean => /\.tsx?$/.test(path) && !isTest(path)

const isAbove = (path: string): boolean =>
  ABOVE.some((above) => path === above || (above.endsWith('/') && path.startsWith(above)))

/** The room of a file (`src/policy/x.ts` is policy, `web/src/…` is web), or null for files above the rooms. */
function roomOf(path: string): string | null {
  if (path.startsWith('web/')) return 'web'
  if (isAbove(path)) return null
  const [top, room, ...rest] = path.split('/')
  return top === 'src' && room !== undefined && rest.length > 0 ? room : null
}

function problemsOf(path: string, found: Import): readonly string[] {
  if (isAbove(path)) return mintProblems(path, found)
  const room = roomOf(path)
  if (room === null) return [`is in no room: only ${ABOVE.join(' and ')} stand above them`]
  if (found.specifier.startsWith('.')) return relativeProblems(path, room, found.specifier)
  if (room === 'web') return webProblems(found.specifier)
  return [
    ...roomProblems(room, found),
    ...networkProblems(room, found),
    ...forbiddenProblems(room, found),
    ...mintProblems(path, found),
  ]
}

function relativeProblems(path: string, room: string, specifier: string): readonly string[] {
  const target = posix.normalize(posix.join(dirname(path), specifier))
  return roomOf(target) === room ? [] : [`leaves its room by a relative import: ${specifier}`]
}

function webProblems(specifier: string): readonly string[] {
  const outside = specifier.startsWith('#') && !specifier.startsWith('#web/')
  return outside || specifier.startsWith('node:')
    ? [`the page may not import ${specifier}: it talks to the API only`]
    : []
}

function roomProblems(room: string, { specifier, typeOnly }: Import): readonly string[] {
  if (!specifier.startsWith('#')) return []
  const rule = ROOMS[room]
  if (!rule) return [`room ${room} has no rule in scripts/layer-rules.ts`]
  const target = specifier.slice(1).split('/')[0] ?? ''
  if (target === room) return [`imports its own room by ${specifier}: write it relative`]
  if (rule.values.includes(target)) return []
  if (typeOnly && rule.types.includes(target)) return []
  if (OPEN_FILES[specifier]?.includes(room)) return []
  return [
    rule.types.includes(target)
      ? `${room} may import only types of ${target}: ${specifier}`
      : `${room} may not import ${target}: ${specifier}`,
  ]
}

function networkProblems(room: string, { specifier, typeOnly, names }: Import): readonly string[] {
  const isNetwork = NETWORK.modules.some(
    (name) => specifier === name || specifier.startsWith(`${name}/`),
  )
  const harmless: readonly string[] = NETWORK.harmless
  if (names.length > 0 && names.every((name) => harmless.includes(name))) return []
  if (!isNetwork || typeOnly || NETWORK.rooms.some((name) => name === room)) return []
  return [`${room} may not touch the network: ${specifier}`]
}

/** What only exits may do: open a connection, take the bytes out of a passage, know content. */
function exitProblems({ path, text }: SourceFile): readonly string[] {
  const imports = importsOf(text)
  const problems: string[] = []
  const room = roomOf(path)
  // in any other room it is told by the rule of the room
  const mayTouch = room === null || NETWORK.rooms.some((name) => name === room)
  if (mayTouch && !EXITS.includes(path) && imports.some(opensNetwork)) {
    problems.push(`${path} opens the network and is no exit that docs/passage.md knows`)
  }
  if (!OPENERS.includes(path) && /\bpassage(\.value)?\.open\(/i.test(text)) {
    problems.push(
      `${path} takes content out of a passage and is no exit that docs/passage.md knows`,
    )
  }
  const openers: readonly string[] = WITHOUT_CONTENT.openers
  const content: readonly string[] = WITHOUT_CONTENT.content
  if (imports.some(({ names }) => names.some((name) => openers.includes(name)))) {
    for (const { specifier } of imports) {
      if (content.includes(specifier))
        problems.push(`${path} uses a way out without a passage and may not know ${specifier}`)
    }
  }
  return problems
}

function opensNetwork({ specifier, typeOnly, names }: Import): boolean {
  const modules: readonly string[] = NETWORK.modules
  const harmless: readonly string[] = NETWORK.harmless
  if (typeOnly || !modules.includes(specifier)) return false
  return names.length === 0 || !names.every((name) => harmless.includes(name))
}

function forbiddenProblems(room: string, { specifier, typeOnly }: Import): readonly string[] {
  const hit = ROOMS[room]?.forbidden?.some((pattern) =>
    pattern.endsWith('*') ? specifier.startsWith(pattern.slice(0, -1)) : specifier === pattern,
  )
  return hit && !typeOnly ? [`${room} may not import ${specifier}`] : []
}

function mintProblems(path: string, { names }: Import): readonly string[] {
  return names.includes(MINT.name) && path !== MINT.file
    ? [`only ${MINT.file} may import ${MINT.name}`]
    : []
}

function badNames(files: readonly SourceFile[]): readonly string[] {
  return files
    .map(({ path }) => path)
    .filter((path) => {
      const stem = basename(path).split('.')[0] ?? ''
      return isCode(path) && EMPTY_NAMES.some((name) => stem === name || stem.endsWith(`-${name}`))
    })
    .map((path) => `${path} is named after nothing: say what it holds`)
}

const isCode = (path: string): boolean => /\.[jt]sx?$/.test(path)

function missingReadmes(files: readonly SourceFile[]): readonly string[] {
  const rooms = new Set(files.map(({ path }) => roomOf(path)))
  const paths = new Set(files.map(({ path }) => path))
  return [...rooms]
    .filter((room) => room !== null && room !== 'web' && !paths.has(`src/${room}/README.md`))
    .map((room) => `src/${room}/README.md is missing: what enters, what leaves, what it may import`)
}

/** Rooms that need each other at run time, as one line per circle. */
function roomCycles(sources: readonly SourceFile[]): readonly string[] {
  const needs = new Map<string, Set<string>>()
  for (const { path, text } of sources) {
    const room = roomOf(path)
    if (room === null || room === 'web') continue
    const targets = needs.get(room) ?? new Set()
    for (const { specifier, typeOnly } of importsOf(text)) {
      const target = specifier.startsWith('#') ? specifier.slice(1).split('/')[0] : undefined
      if (target !== undefined && target !== room && !typeOnly) targets.add(target)
    }
    needs.set(room, targets)
  }
  return [...needs.keys()].toSorted().flatMap((room) => {
    const circle = pathBack(room, needs)
    // Told once, by the first room of the circle in the alphabet.
    return circle && circle.every((other) => other >= room)
      ? [`rooms need each other in a circle: ${[...circle, room].join(' -> ')}`]
      : []
  })
}

/** The shortest way from a room back to itself, or null. */
function pathBack(
  room: string,
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] | null {
  const queue: (readonly string[])[] = [[room]]
  const seen = new Set<string>()
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const next of needs.get(path.at(-1) ?? '') ?? []) {
      if (next === room) return path
      if (!seen.has(next)) queue.push([...path, next])
      seen.add(next)
    }
  }
  return null
}
