/** Clean prose, French and English, so that classification has words to read and nothing to find. */
export const SENTENCES = [
  'Le comité a relu la proposition pendant la matinée et a retenu trois pistes pour la suite du chantier.',
  'Chaque piste sera décrite dans une note courte, puis discutée avec les équipes concernées avant la fin du mois.',
  'The committee read the proposal during the morning and kept three ideas for the next stage of the work.',
  'Each idea will be described in a short note, then discussed with the people concerned before the month ends.',
  'Peux-tu résumer ce paragraphe en deux phrases et proposer un titre plus clair ?',
  'Could you rewrite this paragraph so that it reads well, and suggest a better title for the page?',
  'The build fails on the second step because the cache directory is not writable in the container.',
  'Le serveur répond lentement quand la file d’attente est pleine et que deux tâches démarrent ensemble.',
  'Explain the difference between a mutex and a semaphore, with a short example in any language.',
  'Explique la différence entre une pile et une file, avec un exemple simple pour des débutants.',
  'The weather was mild, the river was calm, and the boats waited for the lock to open.',
  'Le temps était doux, la rivière était calme et les bateaux attendaient l’ouverture de l’écluse.',
]

/** A small generator of numbers, so that every run sends the same texts (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** About `bytes` bytes of prose; a different order for every draw, so that no text comes twice. */
export function prose(bytes: number, next: () => number): string {
  const parts: string[] = []
  for (let length = 0; length < bytes;) {
    const sentence = SENTENCES[Math.floor(next() * SENTENCES.length)] ?? ''
    parts.push(sentence)
    length += Buffer.byteLength(sentence) + 1
  }
  // a word of letters that differs each time: nothing in between may remember the text
  const mark = Array.from({ length: 8 }, () => String.fromCharCode(97 + Math.floor(next() * 26)))
  return `${mark.join('')} ${parts.join(' ')}`
}
