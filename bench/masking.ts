import { createHmac } from 'node:crypto'
import { createClassifier } from '#classify/classify.ts'
import { DEFAULT_CLASSES } from '#classify/data/classes.ts'
import { coveredBy } from '#guard/mask/covered.ts'
import { planMask } from '#guard/mask/mask-plan.ts'
import { namesFor } from '#guard/mask/names.ts'
import { restoringFilter } from '#guard/restore/restoring-filter.ts'
import { chatSurface } from '#protocols/openai-chat/surface.ts'

/** What masking a request and restoring its answer take, CPU, beside classifying the request once. */
const PROSE =
  'Le dossier de Jean Dupont (jean.dupont@corp.fr, 06 12 34 56 78) est prêt ; Claire Martin le relit demain matin avec son équipe. '
const digest = (text: string) => createHmac('sha256', 'k').update(text).digest()
const classify = createClassifier()
const covers = () => coveredBy({ types: [], categories: ['personal'] }, DEFAULT_CLASSES)

function requestOf(length: number, values: number) {
  let content = ''
  for (let i = 0; content.length < length; i++)
    content += i < values ? PROSE : 'Rien de plus à dire de ce dossier, qui suit son cours normal. '
  const body = { model: 'auto', messages: [{ role: 'user', content: content.slice(0, length) }] }
  return chatSurface(
    { model: 'auto', stream: false, includeUsage: false, body },
    { id: 'x', createdSeconds: 0 },
  )
}

/** Microseconds of CPU of one call. */
function cost(work: () => void, times: number): number {
  for (let i = 0; i < times / 4; i++) work()
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}

const rows: object[] = []
for (const [length, values, times] of [
  [1_024, 1, 2_000],
  [1_024, 4, 2_000],
  [16_384, 20, 300],
  [262_144, 100, 20],
] as const) {
  const request = requestOf(length, values)
  const parts = request.textParts()
  const { findings } = classify(parts, { floor: 'public' })
  const plan = planMask(parts, findings, covers())
  const of = { digest, opening: request.rewrite?.opening() ?? '', style: 'placeholder' } as const
  const names = namesFor(plan.values, of)
  const text = plan.change(parts[0]?.text ?? '', parts[0]?.path ?? '', names)
  const pieces = text.match(/.{1,4}/gs) ?? []
  rows.push({
    bytes: length,
    values: plan.values.length,
    'classify once, us': cost(() => classify(parts, { floor: 'public' }), times).toFixed(1),
    'plan, us': cost(() => planMask(parts, findings, covers()), times).toFixed(1),
    'names, us': cost(() => namesFor(plan.values, of), times).toFixed(1),
    'rewrite, us': cost(
      () => request.rewrite?.withTexts((one, path) => plan.change(one, path, names)),
      times,
    ).toFixed(1),
    'restore whole, us': cost(() => {
      const filter = restoringFilter(names, [])
      filter.step([{ kind: 'text', text }])
      filter.end()
    }, times).toFixed(1),
    'restore per token, us': (
      cost(
        () => {
          const filter = restoringFilter(names, [])
          for (const piece of pieces) filter.step([{ kind: 'text', text: piece }])
          filter.end()
        },
        Math.max(4, times / 20),
      ) / pieces.length
    ).toFixed(2),
  })
}
console.table(rows)

const many = Array.from({ length: 10_000 }, (_, i) => ({
  text: `person${i}@corp.fr`,
  type: 'EMAIL_ADDRESS',
  sameness: 'address' as const,
  normal: `person${i}@corp.fr`,
  number: i,
}))
for (const count of [1_000, 10_000]) {
  const body = many
    .slice(0, count)
    .map(({ text }) => text)
    .join(', ')
  const part = { path: 'messages.0.content', text: body, kind: 'text' as const }
  const { findings } = classify([part], { floor: 'public' })
  const us = cost(() => {
    const plan = planMask([part], findings, covers())
    const names = namesFor(plan.values, { digest, opening: '', style: 'placeholder' })
    const shown = plan.change(part.text, part.path, names)
    const filter = restoringFilter(names, [])
    filter.step([{ kind: 'text', text: shown }])
    filter.end()
  }, 4)
  console.log(`${count} values, masked and restored: ${(us / 1000).toFixed(1)} ms`)
}
