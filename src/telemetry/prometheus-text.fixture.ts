interface Sample {
  readonly name: string
  readonly labels: string
  readonly value: number
}

/** The samples of a text in the Prometheus format 0.0.4, and what the text lacks. @throws Error on a line that is none. */
export function readText(text: string) {
  const typed = new Map<string, string>()
  const helped = new Set<string>()
  const samples: Sample[] = []
  for (const line of text.split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line)
    if (comment?.[1] === 'TYPE') typed.set(comment[2] ?? '', comment[3] ?? '')
    else if (comment) helped.add(comment[2] ?? '')
    else if (line !== '') samples.push(sampleOf(line))
  }
  const family = (name: string): string => {
    const base = name.replace(/_(bucket|sum|count)$/, '')
    return typed.get(base) === 'histogram' || typed.get(base) === 'summary' ? base : name
  }
  const families = [...new Set(samples.map(({ name }) => family(name)))]
  return {
    samples,
    /** The value of a sample, written as in the text. */
    value: (wanted: string): number | undefined =>
      samples.find(({ name, labels }) => `${name}${labels}` === wanted)?.value,
    untyped: families.filter((name) => !typed.has(name)),
    unhelped: families.filter((name) => !helped.has(name)),
  }
}

function sampleOf(line: string): Sample {
  const read = /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)$/.exec(line)
  if (!read) throw new Error(`not a sample: ${line}`)
  const value = read[3] === '+Inf' ? Infinity : Number(read[3])
  if (read[3] !== 'Nan' && Number.isNaN(value)) throw new Error(`not a number: ${line}`)
  return { name: read[1] ?? '', labels: read[2] ?? '', value }
}
