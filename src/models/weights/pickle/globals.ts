import allowed from './allowed-globals.json' with { type: 'json' }
import dangerous from './dangerous-globals.json' with { type: 'json' }

const ALLOWED: ReadonlySet<string> = new Set(
  allowed.rows.flatMap(({ globals }) =>
    Object.entries(globals).flatMap(([module, names]) => names.map((name) => `${module}\n${name}`)),
  ),
)

const MODULES: ReadonlySet<string> = new Set(dangerous.modules)

const NAMES: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(dangerous.names))

/** Modules whose name changed between Python 2 and 3. */
const RENAMED: Readonly<Record<string, string>> = { __builtin__: 'builtins', copy_reg: 'copyreg' }

export type GlobalKind = 'allowed' | 'dangerous' | 'unknown'

/** What an import is: on the exact list, known to be dangerous, or neither, which is refused too. */
export function judgeGlobal(module: string, name: string): GlobalKind {
  if (ALLOWED.has(`${module}\n${name}`)) return 'allowed'
  const today = RENAMED[module] ?? module
  const parts = today.split('.')
  const below = parts.some((_, index) => MODULES.has(parts.slice(0, index + 1).join('.')))
  const first = name.split('.')[0] ?? ''
  // `a.b` walks attributes: through any module it reaches os and builtins
  const walks = name.includes('.') || /^__\w+__$/.test(name)
  const named = NAMES.get(today)?.includes(first) === true
  return below || named || walks ? 'dangerous' : 'unknown'
}

/** Whether a pair could be an import at all; bytes taken for a pickle by chance rarely are. */
export const isPlausible = (module: string, name: string): boolean =>
  /^[A-Za-z_][\w.]{0,255}$/.test(module) && /^[A-Za-z_][\w.]{0,255}$/.test(name)
