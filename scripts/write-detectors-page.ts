// `node scripts/write-detectors-page.ts`: writes docs/detectors.md from the tables of the program.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { detectorsPage } from './detectors-page.ts'

writeFileSync(join(import.meta.dirname, '..', 'docs', 'detectors.md'), detectorsPage())
