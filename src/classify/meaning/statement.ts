/** A question of general knowledge, a definition, a request to write something new: it says nothing about anyone. */
const GENERIC =
  /^[^\p{L}]{0,8}(?:(?:please|hi|hello|hey|bonjour|salut|svp|s['’]il (?:te|vous) pla[iî]t|can you|could you|would you|peux-tu|pouvez-vous|pourrais-tu|pourriez-vous|tu peux|merci de|dis-moi|je voudrais savoir|i want to know|i would like to know|tell me|in general|en général)[\s,!]{1,3}){0,3}(?:what(?:['’]s| is| are| does| do| did)|which|explain|define|describe|how (?:do|does|did|is|are|can|could|to|should|many|much)|why|when (?:do|does|is|are|should)|is it|are there|tell me about|give (?:me )?(?:an overview|a definition|the definition|examples?)|summari[sz]e the (?:concept|history|theory)|symptoms|causes|history of|the history|write (?:a|an) (?:generic |short |fictional )?(?:poem|blog|article|essay|story|function|novel|template|script)|list the|compare the|difference|qu['’]est-ce|c['’]est quoi|quel(?:le)?s?|explique[rz]?|expliquez|définis|définition|décris|décrire|comment|pourquoi|quand|combien|où|que (?:signifie|dit|veut|prévoit|faire|risque)|à quoi|parle-moi d|raconte|symptômes|histoire d|l['’]histoire|causes|écris (?:un|une) (?:poème|article|histoire|fonction|billet|script|modèle)|rédige un (?:article|billet|modèle|poème)|donne(?:-moi)? (?:la|une|des) (?:définition|exemples?)|résume (?:l['’]histoire|le concept|la théorie))(?![\p{L}])|symptoms of|symptômes (?:de|du)|difference between|différence entre/iu

/** Whether a sentence asks about a subject rather than tells of a case. */
export const isGeneric = (sentence: string): boolean => GENERIC.test(sentence)

const OWN =
  /(?:^|[\s,;:(«"“'’])(?:notre|nos|nôtres?|mon|ma|mes|our|ours|my|on (?:va|prépare|envisage)|nous (?:allons|envisageons|préparons|avons)|we(?: are|['’]re| will| plan)? (?:acquiring|acquire|launch|planning|going|considering|negotiating|preparing)|chez nous|in-house|company['’]s|de (?:l['’]entreprise|la société|la boîte|l['’]équipe)|du groupe|l['’]entreprise|voici|voilà|ci-joint|ci-dessous|here (?:is|are)|here['’]s|attached|the (?:company|board))(?=[\s,.;:'’])/i

/** Whether a sentence shows or speaks of something of the writer's own: "notre", "here is", "attached". */
export const isOwn = (sentence: string): boolean => OWN.test(sentence)

const POSSESSED =
  /(?:^|[\s,;:(«"“'’])(?:notre|nos|our|mon|ma|mes|my|voici|voilà|ci-joint|here (?:is|are)|here['’]s|attached)(?=[\s,.;:'’])/i

/** The stricter form, which even a question does not weaken. */
export const isPossessed = (sentence: string): boolean => POSSESSED.test(sentence)
