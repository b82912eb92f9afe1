const valueOf = (char: string): number => {
  const unit = char.charCodeAt(0)
  if (char === '<') return 0
  return unit >= 65 ? unit - 55 : unit - 48
}

/** Check digit of ICAO Doc 9303: digits as they are, A is 10 to Z 35, `<` 0, weights 7, 3, 1, sum by 10. */
export const mrzDigit = (field: string): number =>
  Array.from(field).reduce((sum, char, i) => sum + valueOf(char) * ([7, 3, 1][i % 3] ?? 0), 0) % 10

const holds = (field: string, digit: string | undefined): boolean =>
  String(mrzDigit(field)) === digit || (digit === '<' && mrzDigit(field) === 0)

/** Second line of a passport (TD3, 44) or of a visa or card (TD2, 36): number, birth and expiry each with a check digit. */
export const secondLineCheck = (line: string): boolean =>
  holds(line.slice(0, 9), line[9]) &&
  holds(line.slice(13, 19), line[19]) &&
  holds(line.slice(21, 27), line[27])

/** First two lines of a card of three (TD1, 30). */
export const cardLinesCheck = (first: string, second: string): boolean =>
  (holds(first.slice(5, 14), first[14]) || first[14] === '<') &&
  holds(second.slice(0, 6), second[6]) &&
  holds(second.slice(8, 14), second[14])

/** Former French identity card (two lines of 36): number and birth date each with a check digit. */
export const frenchCardCheck = (second: string): boolean =>
  holds(second.slice(0, 12), second[12]) && holds(second.slice(27, 33), second[33])
