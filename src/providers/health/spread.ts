import type { Choice } from '#kernel/verdict.ts'

/**
 * The same choices in the order to try them. Only neighbours that the verdict cannot tell apart change places: the
 * one where a request would wait least comes first. Those that asked to be left alone for a while come last.
 */
export function spread(
  allowed: readonly Choice[],
  expectedWait: (choice: Choice) => number,
  isCooling: (choice: Choice) => boolean,
): readonly Choice[] {
  if (allowed.length < 2) return allowed
  const ordered: Choice[] = []
  for (let from = 0; from < allowed.length;) {
    const first = allowed[from]
    if (!first) break
    let to = from + 1
    for (let next = allowed[to]; next && areEqual(first, next); next = allowed[to]) to += 1
    ordered.push(
      ...(to - from === 1 ? [first] : quickestFirst(allowed.slice(from, to), expectedWait)),
    )
    from = to
  }
  if (!ordered.some(isCooling)) return ordered
  return [...ordered.filter((choice) => !isCooling(choice)), ...ordered.filter(isCooling)]
}

/** Two places that run the same model on the same terms. */
const areEqual = (a: Choice, b: Choice): boolean =>
  a.model.name === b.model.name &&
  a.zone === b.zone &&
  a.destination.jurisdiction === b.destination.jurisdiction &&
  a.destination.state === b.destination.state &&
  a.costEuro === b.costEuro &&
  a.tokensPerSecond === b.tokensPerSecond &&
  // what the policy ordered them by is not undone
  Object.entries(a.figures ?? {}).every(([name, figure]) => b.figures?.[name] === figure)

const quickestFirst = (
  equal: readonly Choice[],
  expectedWait: (choice: Choice) => number,
): readonly Choice[] =>
  equal
    .map((choice) => ({ choice, wait: expectedWait(choice) }))
    .toSorted((a, b) => a.wait - b.wait)
    .map(({ choice }) => choice)
