/** Text not shown yet because it may be the beginning of a stop string. */
export interface StopState {
  readonly held: string
  readonly stopped: boolean
}

export const NOT_STOPPED: StopState = { held: '', stopped: false }

/** Takes the next piece of text; returns what may be shown. The stop string itself is never shown, wherever the pieces split. */
export function stepStop(
  state: StopState,
  piece: string,
  stops: readonly string[],
): readonly [StopState, string] {
  if (state.stopped) return [state, '']
  const text = state.held + piece
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
  if (ends.length > 0) {
    return [{ held: '', stopped: true }, text.slice(0, Math.min(...ends))]
  }
  const shown = text.length - longestBeginning(text, stops)
  return [{ held: text.slice(shown), stopped: false }, text.slice(0, shown)]
}

/** Length of the longest end of the text that begins a stop string. */
function longestBeginning(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    const most = Math.min(stop.length - 1, text.length)
    for (let length = most; length > longest; length--) {
      if (stop.startsWith(text.slice(text.length - length))) longest = length
    }
  }
  return longest
}
