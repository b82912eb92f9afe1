/**
 * Whether a path that somebody else wrote stays below its model on every system, and is one that people can read: no way
 * up, no drive, no character that steers or is not seen, no part that Windows keeps for itself.
 */
export const isSafeName = (path: string): boolean =>
  path.length > 0 &&
  Buffer.byteLength(path) <= 1024 &&
  !/[\\:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path) &&
  path.isWellFormed() &&
  path.split('/').every(isSafePart)

const isSafePart = (part: string): boolean =>
  part !== '' &&
  part !== '.' &&
  part !== '..' &&
  Buffer.byteLength(part) <= 255 &&
  !/[ .]$/.test(part) &&
  !/^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$)(?:\.|$)/i.test(part)
