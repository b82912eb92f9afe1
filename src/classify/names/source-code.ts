import type { LiteralGroup } from '../scan/lexicon.ts'
import type { Scan } from '../scan/scan.ts'

/** Pieces of statements of programming languages; a table, a mail or a page in HTML has none. */
export const STATEMENTS: LiteralGroup = {
  name: 'statement',
  standing: 'part',
  // folded as texts are: a brace or a bracket stands for any sign that the pass does not know
  words:
    "=> {|=> (|=>(|=>{|className=|console.log(|return (|); }|{ id:|import {|from './|from '@|require('|const [|def __|self.|onclick={".split(
      '|',
    ),
}

/** Whole words of the same. */
export const STATEMENT_WORDS: LiteralGroup = {
  name: 'statement-word',
  standing: 'word',
  words: [
    'export default',
    'export const',
    'export function',
    'const',
    'public static',
    'private final',
  ],
}

/** UTF-16 units on either side. */
const AROUND = 240

/** Whether a name stands among statements: such persons are examples. */
export const isSourceCode = (scan: Scan, start: number): boolean =>
  scan.near(STATEMENTS.name, start, start, AROUND) !== undefined ||
  scan.near(STATEMENT_WORDS.name, start, start, AROUND) !== undefined
