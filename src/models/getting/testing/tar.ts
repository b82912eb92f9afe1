/** For tests: an entry of a tar, and what its header says where that is not the truth. */
export interface TestEntry {
  readonly name: string
  readonly content?: Buffer
  readonly type?: string
  readonly size?: number
  readonly prefix?: string
  readonly magic?: string
}

/** For tests: a tar whose headers may lie. */
export const tar = (entries: readonly TestEntry[]): Buffer =>
  Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1024)])

function blocksOf({ name, content = Buffer.alloc(0), type = '0', ...over }: TestEntry): Buffer[] {
  const header = Buffer.alloc(512)
  header.write(name, 0, 100, 'utf8')
  header.write('0000644\0', 100, 'latin1')
  const size = over.size ?? content.length
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  header.fill(' ', 148, 156)
  header.write(type, 156, 'latin1')
  header.write(over.magic ?? 'ustar\x0000', 257, 'latin1')
  header.write(over.prefix ?? '', 345, 155, 'utf8')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
}

/** For tests: an entry of pax that says something of the next one. */
export function pax(properties: Readonly<Record<string, string>>, type = 'x'): TestEntry {
  const content = Buffer.concat(
    Object.entries(properties).map(([key, value]) => {
      const rest = Buffer.from(` ${key}=${value}\n`)
      let length = rest.length + 1
      while (String(length).length + rest.length !== length) length += 1
      return Buffer.concat([Buffer.from(String(length)), rest])
    }),
  )
  return { name: 'PaxHeaders/x', content, type }
}
