/** Alphabets with upper and lower case whose letters are taken for one another; other scripts resemble none of them. */
const ALIKE = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
]

/**
 * Whether a word of a path has letters of several alphabets that look alike, such as a Cyrillic `а` among Latin letters
 * (Unicode TS 39, mixed-script detection). A word ends at whatever is no letter: `модель-Q4_K_M.gguf` is of one each.
 */
export const mixesScripts = (path: string): boolean =>
  /[^\p{ASCII}]/u.test(path) &&
  (path.match(/[\p{L}\p{M}]+/gu) ?? []).some(
    (word) => ALIKE.filter((script) => script.test(word)).length > 1,
  )
