import type { RuleCode } from '../rules.ts'
import { ARCHIVES } from './corpus-archives.ts'
import { BOMBS } from './corpus-bombs.ts'
import { CLEAN } from './corpus-clean.ts'
import { CONFIGURATIONS } from './corpus-configurations.ts'
import { DETOURS_OF_ARCHIVES } from './corpus-detours-archives.ts'
import { DETOURS } from './corpus-detours.ts'
import { GRAPHS } from './corpus-graphs.ts'
import { HELD_OUT } from './corpus-held-out.ts'
import { HDF5 } from './corpus-hdf5.ts'
import { PICKLES } from './corpus-pickles.ts'
import { TEMPLATES } from './corpus-templates.ts'
import { WEIGHTS } from './corpus-weights.ts'

/** One file made at run time, and what must be said of it. */
export interface Sample {
  /** File name, whose extension scanners go by. */
  readonly name: string
  readonly bytes: Buffer
  /** A rule that must be among the findings; none for clean files. */
  readonly rule: RuleCode | null
  /** The advisory or issue that published the trick. */
  readonly reference?: string
}

/** Every sample: attacks, each with its rule, and clean files of the same formats. */
export const CORPUS: readonly Sample[] = [
  ...PICKLES,
  ...ARCHIVES,
  ...WEIGHTS,
  ...GRAPHS,
  ...HDF5,
  ...TEMPLATES,
  ...CONFIGURATIONS,
  ...DETOURS,
  ...DETOURS_OF_ARCHIVES,
  ...BOMBS,
  ...HELD_OUT,
  ...CLEAN,
]
