import { personIn, topicDetector } from '../../meaning/find-topics.ts'
import { tellingAround } from '../../meaning/telling.ts'
import type { Detector } from '../../scan/detector.ts'
import { HEALTH_TOPICS, MEDICINES } from './words.ts'

const topics = topicDetector('health', HEALTH_TOPICS)
const DOSE =
  /^[ \u00A0]?(?:[A-Za-zéè]{2,12} )?\d{1,4}(?:[.,]\d{1,3})? ?(?:mg|g|µg|mcg|ug|ml|ui|iu|units?|unités?|cp|comprimés?|gouttes|tablets?|%)(?![\p{L}])/iu
/** Also names that are something else without a dose, as lithium. */
const INN_STEM =
  /^lithium$|^[A-Za-zéè]{3,14}(?:cilline?|mycine?|prazole?|sartan|statine?|olol|dipine?|gliptine?|gliflozine?|zépam|zepam|zolam|triptan|cycline|floxacine?|mab|tinib|vir|oxétine|oxetine|idone|apine|azole)$/i
/** Health of a person: conditions, states, medicines with their dose. */
export const health: Detector = {
  id: 'health',
  acrossParts: false,
  literals: [
    ...topics.literals,
    { name: 'medicine', standing: 'stem', words: MEDICINES },
    { name: 'dose', standing: 'word', words: ['mg', 'µg', 'mcg'] },
  ],
  find(scan, found) {
    topics.find?.(scan, found)
    const names = scan.hits('medicine')
    const spans = names.starts.map((start, i) => ({ start, end: names.ends[i] ?? start }))
    const doses = scan.hits('dose')
    for (const start of doses.starts) {
      // an unlisted medicine: a word with an international stem, then a number and a unit
      const before = /([A-Za-zéèï]{6,20}) \d{1,4}(?:[.,]\d{1,3})? ?$/.exec(
        scan.text.slice(Math.max(0, start - 32), start),
      )
      const word = before?.[1] ?? ''
      if (before !== null && INN_STEM.test(word)) {
        const at = start - before[0].length
        spans.push({ start: at, end: at + word.length })
      }
    }
    let done = -1
    for (const { start, end } of spans) {
      if (scan.steps.exhausted) return
      if (start < done) continue
      const dose = DOSE.exec(scan.text.slice(end, end + 32))
      const telling = tellingAround(scan, start, end)
      // the name of a substance is no statement: who takes it must be in the same sentence
      if (telling.reference === undefined && dose === null) continue
      const person = personIn(scan, telling, start)
      if (person === undefined) continue
      done = end + (dose?.[0].length ?? 0)
      found({
        type: 'MEDICATION',
        rule: 'medication',
        start,
        end: done,
        confidence: dose === null ? 0.65 : 0.85,
        because: [{ kind: 'keyword', keyword: 'INN' }, ...person],
      })
    }
  },
}
