import type { Judgement } from './judge.ts'
import type { Licence } from './licence.ts'

/** A NOTICE file for what the company hands out or shows: the models, their licences, and what must be said of each. */
export function writeNotice(
  model: string,
  licences: readonly Licence[],
  { duties, later }: Pick<Judgement, 'duties' | 'later'>,
  text: string | null,
): string {
  const rows = [...duties, ...later].filter(({ condition }) =>
    ['notice', 'naming', 'attribution', 'share-alike'].includes(condition.kind),
  )
  const obligations = rows.map(
    ({ licence, condition }) =>
      `- ${condition.obligation} (${licence}, ${condition.citation ?? condition.id})`,
  )
  return [
    `This product uses the model ${model}.`,
    '',
    ...new Set(
      licences.map(
        ({ name, spdx }) =>
          `${model} is licensed under the ${name}${spdx === null ? '' : ` (${spdx})`}.`,
      ),
    ),
    '',
    ...(obligations.length > 0 ? ['Asked by the licence:', ...new Set(obligations), ''] : []),
    ...(text === null ? [] : ['-'.repeat(72), text.trimEnd(), '']),
  ].join('\n')
}
