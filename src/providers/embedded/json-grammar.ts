/** Rules that every grammar of JSON shares (GBNF, ggml-org/llama.cpp grammars/README.md). */
export const JSON_RULES: readonly (readonly [string, string])[] = [
  // bounded: a small model can fall in love with white space
  ['ws', '| " " | "\\n" [ ]{0,16}'],
  ['hex', '[0-9a-fA-F]'],
  // no half of a surrogate pair: it would be no character
  ['escape', '"\\\\" (["\\\\/bfnrt] | "u" ([0-9a-cefA-CEF] hex{3} | [dD] [0-7] hex{2}))'],
  ['char', '[^"\\\\\\x7F\\x00-\\x1F] | escape'],
  ['string', '"\\"" char* "\\""'],
  // what a double holds exactly
  ['digits', '"0" | [1-9] [0-9]{0,14}'],
  ['integer', '"-"? digits'],
  ['positive-number', 'digits ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?'],
  ['number', '"-"? positive-number'],
  ['boolean', '"true" | "false"'],
  ['null', '"null"'],
  ['member', 'string ":" ws value'],
  ['object', '"{" ws (member ("," ws member)*)? ws "}"'],
  ['array', '"[" ws (value ("," ws value)*)? ws "]"'],
  ['value', 'object | array | string | number | boolean | null'],
  ['day31', '"0" [1-9] | [12] [0-9] | "3" [01]'],
  ['day30', '"0" [1-9] | [12] [0-9] | "30"'],
  ['day28', '"0" [1-9] | "1" [0-9] | "2" [0-8]'],
  [
    'date',
    '[12] [0-9]{3} "-" (("0" [13578] | "1" [02]) "-" day31 | ("0" [469] | "11") "-" day30 | "02-" day28)',
  ],
  ['time', '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,6})?'],
  ['offset', '"Z" | [-+] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9]'],
  ['uuid', 'hex{8} "-" hex{4} "-" hex{4} "-" hex{4} "-" hex{12}'],
]

/** A whole grammar: the root, rules of its own, and the shared ones. */
export const grammarText = (
  root: string,
  rules: readonly (readonly [string, string])[] = [],
): string =>
  [['root', root] as const, ...rules, ...JSON_RULES]
    .map(([name, body]) => `${name} ::= ${body}\n`)
    .join('')

/** These exact characters, as a terminal. */
export const literal = (text: string): string =>
  `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')}"`

/** Any JSON object. */
export const ANY_OBJECT = grammarText('object')
