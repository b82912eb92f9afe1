const WORDS =
  /example|exemple|changeme|change[-_]?me|placeholder|your[-_ ]|votre|dummy|fake|sample|insert|redacted|todo|notreal|not[-_]?a?[-_]?(?:real|secret|password)|^test$|^secret$|^password$|^token$|^none$|^null$|^undefined$|^true$|^false$/i
const SIGNS =
  /\$\{|\$\(|\{\{|<[^>]{1,60}>|%[sd(]|^\$[A-Za-z_]|\.\.\.|…|\*{3}|x{5}|X{5}|•{2}|^%[A-Z_]+%$|#\{/
/** As many of one character in a row are no value. */
const MOST_OF_ONE = 7
const SEQUENCE = /^abcdefg?\d|^123456|0123456789abcdef|abcdefghijkl|1234567890(?:12345|abcde)/i

/** Whether a value stands for one instead of being one: `changeme`, `${KEY}`, `<token>`, `xxxxxxxx`. */
export const isPlaceholder = (value: string): boolean =>
  WORDS.test(value) || SIGNS.test(value) || repeatsOne(value)

function repeatsOne(value: string): boolean {
  let run = 0
  for (let i = 1; i < value.length; i++) {
    run = value.charCodeAt(i) === value.charCodeAt(i - 1) ? run + 1 : 0
    if (run === MOST_OF_ONE) return true
  }
  return false
}

/** Whether a value is typed in keyboard order, as documentation does. */
export const isSequence = (value: string): boolean => SEQUENCE.test(value)
