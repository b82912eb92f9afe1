import { startEngine } from '#providers/embedded/engine.fixture.ts'
import { starterModelDir, STARTER } from '#models/starter/starter-model.fixture.ts'

/** How often the smallest model writes a name that it was given as it was given, by the form of the name. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  'consonants, square brackets': ['[PERSON_KWTRX]', '[PERSON_BZQDF]', '[EMAIL_HVGJD]'],
  'hexadecimal, square brackets': ['[PERSON_a7f3c]', '[PERSON_09be2]', '[EMAIL_f41d7]'],
  'consonants, angle brackets': ['<PERSON_KWTRX>', '<PERSON_BZQDF>', '<EMAIL_HVGJD>'],
  'a real name': ['Jean Dupont', 'Claire Martin', 'j.dupont@corp.fr'],
}
const ASKED = [
  (name: string) => `Repeat exactly: Dear ${name}, your order is ready.`,
  (name: string) => `Write a short thank-you letter to ${name}. Begin with "Dear ${name},".`,
]

const models = await starterModelDir()
if ('skip' in models) throw new Error(models.skip)
const engine = await startEngine({ modelsDir: models.dir, parallel: 1 })
for (const [form, names] of Object.entries(FORMS)) {
  let whole = 0
  let asked = 0
  for (const name of names) {
    for (const ask of ASKED) {
      const answer = await engine.openai.chat.completions.create({
        model: STARTER,
        temperature: 0,
        max_tokens: 32,
        messages: [{ role: 'user', content: ask(name) }],
      })
      asked += 1
      if (answer.choices[0]?.message.content?.includes(name)) whole += 1
    }
  }
  console.log(`${form}: ${whole} of ${asked} answers have the name, letter by letter`)
}
await engine.stop()
