// Questions that mean the same, and such that only look like it, through the cache of meanings with the starter model for
// embeddings: how many of the first share an answer, and how many of the second would.
//   node bench/meanings.ts
import { marksOf } from '#caches/marks.ts'
import { EMBEDDER, starterModelDir } from '#models/starter/starter-model.fixture.ts'
import { startEngine } from '../src/providers/embedded/engine.fixture.ts'

type Pair = readonly [string, string]

const SAME: Readonly<Record<'en' | 'fr', readonly Pair[]>> = {
  en: [
    ['What is the capital of France?', 'What is the capital city of France?'],
    ['How do I boil an egg?', 'How can I boil an egg?'],
    ['Explain photosynthesis in simple words.', 'Please explain photosynthesis in simple terms.'],
    ['How do I reset my password?', 'How can I reset my password?'],
    ['What causes rain?', 'What makes rain happen?'],
    ['Give me a recipe for apple pie.', 'I would like a recipe for apple pie.'],
    ['What is the tallest mountain in the world?', 'What is the highest mountain in the world?'],
    ['Tell me about the history of bread.', 'Describe the history of bread.'],
    ['How does a bicycle stay upright?', 'How does a bike stay upright?'],
    ['Why is the sky blue?', 'Why does the sky look blue?'],
    ['How are clouds formed?', 'How do clouds form?'],
    ['What does a kidney do?', 'What is the function of a kidney?'],
  ],
  fr: [
    ['Quelle est la capitale de la France ?', 'Quelle ville est la capitale de la France ?'],
    ['Comment cuire un œuf dur ?', 'Comment faire cuire un œuf dur ?'],
    ['Explique la photosynthèse simplement.', 'Explique simplement la photosynthèse.'],
    [
      'Comment réinitialiser mon mot de passe ?',
      'Comment puis-je réinitialiser mon mot de passe ?',
    ],
    ['Pourquoi le ciel est bleu ?', 'Pourquoi le ciel est-il bleu ?'],
    ['Donne une recette de tarte aux pommes.', 'Donne-moi une recette de tarte aux pommes.'],
    ['Comment se forment les nuages ?', 'Comment les nuages se forment-ils ?'],
    ['Raconte la légende du pain.', 'Raconte-moi la légende du pain.'],
    ['Comment fonctionne un vélo ?', 'Comment un vélo fonctionne-t-il ?'],
    ['Quelle est la fonction du rein ?', 'À quoi sert le rein ?'],
  ],
}

/** Alike in words, and another answer. */
const DIFFERENT: Readonly<Record<'en' | 'fr', readonly Pair[]>> = {
  en: [
    ['What is the capital of France?', 'What is the capital of Germany?'],
    ['How do I enable the firewall?', 'How do I disable the firewall?'],
    ['Is it safe to eat raw eggs?', 'Is it unsafe to eat raw eggs?'],
    ['What is the tallest mountain in Europe?', 'What is the tallest mountain in Asia?'],
    ['Convert 10 miles to kilometres.', 'Convert 100 miles to kilometres.'],
    ['How do I boil an egg?', 'How do I poach an egg?'],
    ['What does a kidney do?', 'What does a liver do?'],
    ['What are the benefits of green tea?', 'What are the risks of green tea?'],
    ['How do I sell a house?', 'How do I buy a house?'],
    ['Can dogs eat chocolate?', 'Can cats eat chocolate?'],
    ['Translate hello into spanish.', 'Translate goodbye into spanish.'],
    ['What is the fastest land animal?', 'What is the slowest land animal?'],
    ['Who was the first president?', 'Who was the last president?'],
    ['How do I encrypt a disk?', 'How do I decrypt a disk?'],
    ['Is water heavier than oil?', 'Is oil heavier than water?'],
  ],
  fr: [
    ['Quelle est la capitale de la France ?', 'Quelle est la capitale de la Suède ?'],
    ['Comment activer le pare-feu ?', 'Comment désactiver le pare-feu ?'],
    ['Comment cuire un œuf dur ?', 'Comment cuire un œuf mollet ?'],
    ['Comment acheter une maison ?', 'Comment vendre une maison ?'],
    ['Quels sont les bienfaits du thé vert ?', 'Quels sont les dangers du thé vert ?'],
    ['Quelle est la fonction du rein ?', 'Quelle est la fonction du foie ?'],
    ['Le chien peut-il manger du chocolat ?', 'Le chat peut-il manger du chocolat ?'],
    ['Comment chiffrer un disque ?', 'Comment déchiffrer un disque ?'],
    ['Convertis 10 milles en kilomètres.', 'Convertis 100 milles en kilomètres.'],
    ['Comment augmenter la luminosité ?', 'Comment réduire la luminosité ?'],
    ['Le vin est-il autorisé ?', 'Le vin est-il interdit ?'],
    ['Quel est l’animal le plus rapide ?', 'Quel est l’animal le plus lent ?'],
  ],
}

const models = await starterModelDir(undefined, EMBEDDER)
if ('skip' in models) throw new Error(models.skip)
const engine = await startEngine({ modelsDir: models.dir, parallel: 1, queueLimit: 4 })

async function cosineOf(pair: Pair): Promise<number> {
  const { data } = await engine.openai.embeddings.create({ model: EMBEDDER, input: [...pair] })
  const [a = [], b = []] = data.map(({ embedding }) => embedding)
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
}

const rows: object[] = []
const THRESHOLDS = [0.85, 0.9, 0.95] as const
for (const [kind, all] of Object.entries({ same: SAME, different: DIFFERENT })) {
  for (const [language, pairs] of Object.entries(all)) {
    const seen: { readonly pair: Pair; readonly cosine: number; readonly isMarked: boolean }[] = []
    for (const pair of pairs) {
      const isMarked = marksOf(pair[0], []) === marksOf(pair[1], [])
      seen.push({ pair, cosine: await cosineOf(pair), isMarked })
    }
    const share = (least: number, marked: boolean): string =>
      `${seen.filter(({ cosine, isMarked }) => cosine >= least && (isMarked || !marked)).length}/${seen.length}`
    rows.push({
      kind,
      language,
      ...Object.fromEntries(THRESHOLDS.map((least) => [`cosine >= ${least}`, share(least, false)])),
      ...Object.fromEntries(THRESHOLDS.map((least) => [`shared at ${least}`, share(least, true)])),
    })
    if (kind === 'different')
      for (const { pair, cosine, isMarked } of seen)
        if (isMarked && cosine >= THRESHOLDS[0])
          process.stdout.write(`${cosine.toFixed(3)} ${pair.join(' | ')}\n`)
  }
}
console.table(rows)
await engine.stop()
