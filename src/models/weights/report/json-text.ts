/** Characters that JSON leaves as they are, and that a terminal acts upon: controls of the second kind, marks of direction. */
const ACTING = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu

/** A report as JSON that does nothing where it is shown: names of hostile files are in it. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replaceAll(ACTING, (found) =>
    Array.from({ length: found.length }, (_, at) => {
      const unit = found.charCodeAt(at).toString(16).padStart(4, '0')
      return String.raw`\u` + unit
    }).join(''),
  )
