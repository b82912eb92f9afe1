/** Characters of a run that are remembered to tell an address from a word. */
const REMEMBERED = 80
/** Schemes that need no slashes. */
const SCHEMES =
  /(?:^|[^a-z])(?:mailto|data|javascript|vbscript|tel|sms|file|blob|callto|skype|intent|cid|magnet|x-[a-z-]+)$/i
const HOST = /[\p{L}\p{N}-]\.\p{L}{2,}$/u

/**
 * Follows a text and tells whether what comes next would stand in an address: a URL, the target or definition of a
 * Markdown link, an HTML tag. There nothing is restored, because an address is sent somewhere when it is shown.
 * When in doubt it is one: what is not restored stays visible.
 */
export class Surroundings {
  /** What stands since the last space, quote or angle bracket. */
  #run = ''
  #isUrl = false
  /** Open parentheses of a link target. */
  #target = 0
  /** Of a line: nothing yet, the label of a definition, just after it, or anything else. */
  #line: 'start' | 'label' | 'labelled' | 'text' = 'start'
  #isDefinition = false
  #tag: 'none' | 'opening' | 'inside' = 'none'
  #quote = ''
  #last = ''
  /** Nothing but spaces since the last line end. */
  #isBlank = true
  readonly #hasEscapes: boolean

  /** `hasEscapes`: the text is written as JSON writes it, where backslashes begin no address. */
  constructor(hasEscapes: boolean) {
    this.#hasEscapes = hasEscapes
  }

  /** Whether a value may not be put here. */
  get isAddress(): boolean {
    return this.#isUrl || this.#target > 0 || this.#isDefinition || this.#tag === 'inside'
  }

  /** A value was put here. */
  passValue(): void {
    this.#remember('x')
    this.#afterOpening('')
    this.#isBlank = false
    if (this.#line !== 'label') this.#line = 'text'
    this.#last = 'x'
  }

  pass(text: string): void {
    for (const unit of text) this.#step(unit)
  }

  #step(unit: string): void {
    this.#inLine(unit)
    this.#afterOpening(unit)
    if (this.#tag === 'inside') this.#inTag(unit)
    else if (unit === '<') this.#tag = 'opening'
    this.#inTarget(unit)
    this.#inRun(unit)
    this.#last = unit
  }

  #inLine(unit: string): void {
    if (unit === '\n' || unit === '\r') {
      if (this.#isBlank && unit === '\n') this.#paragraph()
      this.#isBlank = true
      this.#line = 'start'
      return
    }
    const isSpace = unit === ' ' || unit === '\t'
    if (!isSpace) this.#isBlank = false
    if (this.#line === 'labelled') {
      this.#isDefinition ||= unit === ':'
      this.#line = 'text'
    } else if (this.#line === 'label') {
      if (unit === ']') this.#line = 'labelled'
    } else if (this.#line === 'start' && !PREFIX.test(unit)) {
      this.#line = unit === '[' ? 'label' : 'text'
    }
  }

  /** A blank line ends links, definitions and tags (CommonMark 0.31, sections 4.7, 6.3 and 6.6). */
  #paragraph(): void {
    this.#target = 0
    this.#isDefinition = false
    this.#tag = 'none'
    this.#quote = ''
  }

  #afterOpening(unit: string): void {
    if (this.#tag === 'opening') this.#tag = /[\p{L}/!?]/u.test(unit) ? 'inside' : 'none'
  }

  #inTag(unit: string): void {
    if (this.#quote !== '') {
      if (unit === this.#quote) this.#quote = ''
    } else if (unit === '"' || unit === "'") this.#quote = unit
    else if (unit === '>') this.#tag = 'none'
  }

  #inTarget(unit: string): void {
    if (this.#target > 0) {
      if (unit === '(') this.#target += 1
      else if (unit === ')' && this.#last !== '\\') this.#target -= 1
    } else if (unit === '(' && this.#last === ']') this.#target = 1
  }

  #inRun(unit: string): void {
    if (ENDS_RUN.test(unit)) {
      this.#run = ''
      this.#isUrl = false
      return
    }
    if (!this.#isUrl) this.#isUrl = this.#begins(unit)
    this.#remember(unit)
  }

  /** Whether this character makes the run an address. */
  #begins(unit: string): boolean {
    switch (unit) {
      case '/':
        return this.#last === unit || HOST.test(this.#run)
      case '\\':
        return this.#last === unit && !this.#hasEscapes
      case '?':
      case '#':
        return HOST.test(this.#run)
      case ':':
        return SCHEMES.test(this.#run) || HOST.test(this.#run)
      case '.':
        return /(?:^|[^\p{L}\p{N}])www$/iu.test(this.#run)
      default:
        return false
    }
  }

  #remember(unit: string): void {
    this.#run += unit
    if (this.#run.length > 2 * REMEMBERED) this.#run = this.#run.slice(-REMEMBERED)
  }
}

const ENDS_RUN = /[\s<>"]/
/** What may stand before a definition: spaces, quotation and list marks. */
const PREFIX = /[\s>*+\-\d.]/
