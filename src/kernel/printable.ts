/** Characters that a terminal would obey: control, those that are not seen, and those that reverse the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu

/** A text that somebody else wrote, safe to print: what steers a terminal is shown as its number. */
export const printable = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(UNPRINTABLE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`)
