import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withRules } from './model-scan-page.ts'

const page = join(import.meta.dirname, '..', 'docs', 'model-scan.md')
writeFileSync(page, withRules(readFileSync(page, 'utf8')))
