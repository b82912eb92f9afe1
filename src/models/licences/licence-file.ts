/** Files that hold the terms of a model, by their names at its top. */
const LICENCE_FILE = /^(?:(?:model[ ._-]?)?licen[cs]e|copying|unlicense)(?:[ ._-].*)?$/i

/** Which of several is the model's: `LICENSE-MODEL` before `LICENSE`, and that before `LICENSE-CODE`. */
const rankOf = (name: string): number =>
  /model|weights/i.test(name) ? 0 : /code|software/i.test(name) ? 2 : 1

/** The name of the file with the licence of a model, among the names at its top; null where there is none. */
export function licenceNameAmong(names: readonly string[]): string | null {
  const [first] = names
    .filter((name) => LICENCE_FILE.test(name))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
  return first ?? null
}
