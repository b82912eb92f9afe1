import type { ConfigFile } from './config-file.ts'
import type { ConfigLocation } from './locate.ts'
import type { ConfigProblem, PathProblem } from './problems.ts'
import type { ReadConfigFile } from './secret-references.ts'
import type { ConfigFlags, Environment } from './types.ts'

/** Everything a configuration is made of. */
export interface ConfigInput {
  readonly flags: ConfigFlags
  readonly env: Environment
  readonly readFile: ReadConfigFile
  /** Names of the files in a folder; none where it cannot be read, or nobody looks. */
  readonly listFolder?: (path: string) => readonly string[]
  /** The user's home directory, for `~`. */
  readonly home: string
}

/** What the steps of the reading share: the file as found, and where to complain. */
export interface Reading extends ConfigInput {
  readonly location: ConfigLocation
  readonly file: ConfigFile
  readonly problems: ConfigProblem[]
  readonly complain: (problem: PathProblem) => void
}
