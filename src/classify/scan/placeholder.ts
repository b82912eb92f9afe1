const WORDS =
  /example|exemple|changeme|change[-_]?me|placeholder|your[-_ ]|votre|dummy|fake|sample|insert|redacted|todo|notreal|not[-_]?a?[-_]?(?:real|secret|password)|^test$|^secret$|^password$|^token$|^none$|^null$|^undefined$|^true$|^false$/i
const SIGNS =
  /\$\{|\$\(|\{\{|<[^>]{1,60}>|%[sd(]|^\$[A-Za-z_]|\.\.\.|…|\*{3}|x{5}|X{5}|•{2}|^%[A-Z_]+%$|#\{/
const ONE_CHARACTER = /(.)\1{7}/
const SEQUENCE = /^abcdefg?\d|^123456|0123456789abcdef|abcdefghijkl|1234567890(?:12345|abcde)/i

/** Whether a value stands for one instead of being one: `changeme`, `${KEY}`, `<token>`, `xxxxxxxx`. */
export const isPlaceholder = (value: string): boolean =>
  WORDS.test(value) || SIGNS.test(value) || ONE_CHARACTER.test(value)

/** Whether a value is typed in keyboard order, as documentation does. */
export const isSequence = (value: string): boolean => SEQUENCE.test(value)
