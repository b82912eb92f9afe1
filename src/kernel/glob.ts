/** Whether a name is of a pattern in which `*` stands for any characters, none included. Linear but for the stars, never exponential. */
export function matchesGlob(pattern: string, name: string): boolean {
  let at = 0
  let star = -1
  let from = 0
  for (let i = 0; i < name.length;) {
    if (pattern[at] === '*') {
      star = at
      at += 1
      from = i
    } else if (pattern[at] === name[i]) {
      at += 1
      i += 1
    } else if (star >= 0) {
      // the last star takes one character more
      at = star + 1
      from += 1
      i = from
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}
