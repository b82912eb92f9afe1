import type { EngineView } from '#gateway/ports.ts'
import { bytesText, type Terminal } from './terminal.ts'

/** What the engine on board is doing, in one line. */
export function engineLine(engine: EngineView, terminal: Pick<Terminal, 'say'>): string {
  const model = engine.model ?? '-'
  switch (engine.state) {
    case 'pulling': {
      const { done = 0, total = null } = engine.progress ?? {}
      // not every source says how far it is
      const far = done > 0 ? farText(done, total) : null
      return terminal.say(
        far === null
          ? {
              en: `Fetching the model ${model}; the gateway already answers.`,
              fr: `Récupération du modèle ${model} ; la passerelle répond déjà.`,
            }
          : {
              en: `Fetching the model ${model}: ${far}; the gateway already answers.`,
              fr: `Récupération du modèle ${model} : ${far} ; la passerelle répond déjà.`,
            },
      )
    }
    case 'starting':
      return terminal.say({
        en: `The engine is starting (${model}).`,
        fr: `Le moteur démarre (${model}).`,
      })
    case 'ready':
      return terminal.say({
        en: `The model on board is ready: ${model}.`,
        fr: `Le modèle embarqué est prêt : ${model}.`,
      })
    case 'absent':
      return terminal.say({
        en: `No model on board (${engine.problem ?? '-'}): \`ecluse pull ${model}\`.`,
        fr: `Pas de modèle embarqué (${engine.problem ?? '-'}) : \`ecluse pull ${model}\`.`,
      })
    case 'failed':
      return terminal.say({
        en: `The engine failed (${engine.problem ?? '-'}): \`ecluse doctor\`.`,
        fr: `Le moteur est en panne (${engine.problem ?? '-'}) : \`ecluse doctor\`.`,
      })
    case 'disabled':
      return terminal.say({
        en: 'The engine on board is switched off.',
        fr: 'Le moteur embarqué est désactivé.',
      })
  }
}

/** `12 % (12.0 MB / 98.4 MB)`, or the bytes alone where nobody knows how many there will be. */
function farText(done: number, total: number | null): string {
  if (total === null || total === 0) return bytesText(done)
  const percent = Math.min(100, Math.floor((100 * done) / total))
  return `${percent} % (${bytesText(done)} / ${bytesText(total)})`
}
