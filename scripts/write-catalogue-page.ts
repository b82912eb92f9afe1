import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withRows } from './catalogue-page.ts'

const page = join(import.meta.dirname, '..', 'docs', 'catalogue.md')
writeFileSync(page, withRows(readFileSync(page, 'utf8')))
