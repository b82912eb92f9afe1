import type { EngineView } from '#gateway/ports.ts'
import { bytesText, type Terminal } from './terminal.ts'

/** What the engine on board is doing, in one line. */
export function engineLine(engine: EngineView, terminal: Terminal): string {
  const model = engine.model ?? '-'
  switch (engine.state) {
    case 'pulling': {
      const { done = 0, total = null } = engine.progress ?? {}
      const share = total ? ` ${Math.floor((100 * done) / total)} %` : ''
      const of = total ? ` / ${bytesText(total)}` : ''
      return terminal.say({
        en: `Fetching the model ${model}:${share} (${bytesText(done)}${of}); the gateway already answers.`,
        fr: `Récupération du modèle ${model} :${share} (${bytesText(done)}${of}) ; la passerelle répond déjà.`,
      })
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
