import { OutOfBudget } from '../budget.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { onlySpace, parseStrictJson } from '../bytes/strict-json.ts'
import { strictUtf8 } from '../bytes/utf8.ts'
import type { Scan } from '../scan.ts'
import { judgeByName, judgeConfigObject, judgeSkopsNode } from './json-config.ts'
import { isKerasObject, judgeKerasObject } from './keras-config.ts'
import { objectsIn } from './visit-json.ts'

/** The largest tokenizer.json published is some 40 MB. */
const LONGEST = 256 * 1024 * 1024
/** Keys that decide something: twice in one object they decide two things. */
const DECIDING = new Set([
  'auto_map',
  'trust_remote_code',
  'chat_template',
  'class_name',
  'module',
  'weight_map',
  'custom_pipelines',
  '__module__',
  '_target_',
  '__loader__',
])

/** Judges a JSON file: configurations, tokenizers, indexes, schemas. */
export function scanJson(source: ByteSource, scan: Scan): void {
  if (source.size > LONGEST) throw new OutOfBudget('member')
  const text = strictUtf8(source.read(0, source.size))?.replace(/^\u{FEFF}/u, '')
  if (text === undefined) {
    scan.report('json-malformed')
    return
  }
  const parsed = parseStrictJson(text, {
    depth: 200,
    step: () => scan.budget.step(),
    onDuplicate: (key) => {
      if (DECIDING.has(key)) scan.report('json-duplicate-key', {}, key)
    },
    pythonNumbers: true,
  })
  if (!parsed.ok || !onlySpace(text, parsed.end)) {
    scan.report('json-malformed', { offset: parsed.ok ? parsed.end : parsed.at })
    return
  }
  judgeByName(parsed.value, scan)
  const skops = /(?:^|\/)schema\.json$/.test(scan.name)
  for (const object of objectsIn(parsed.value, () => scan.budget.step())) {
    judgeConfigObject(object, scan)
    if (isKerasObject(object)) judgeKerasObject(object, scan)
    if (skops) judgeSkopsNode(object, scan)
  }
}
