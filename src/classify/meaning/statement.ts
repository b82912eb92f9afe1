/** A question of general knowledge, a definition, a request to write something new: it says nothing about anyone. */
const GENERIC =
  /(?:^|[\s«"“(])(?:what (?:is|are|does|do|'s)|what['’]s|explain|define|definition of|describe|how (?:do|does|is|are|can|to|should)|why (?:do|does|is|are)|difference between|tell me about|give me an overview|summari[sz]e the (?:concept|history|theory)|symptoms of|causes of|history of|write (?:a|an) (?:poem|blog|article|essay|story|function|novel)|list the (?:symptoms|causes|types|main)|qu['’]est-ce qu|c['’]est quoi|quelle? (?:est|sont)|quels? sont|quelles sont|explique|expliquer|définis|définition|décris|comment (?:fonctionne|se|on|peut|traiter|soigner|prévenir|réagir|est|sont|faire|marche|utiliser|rédiger)|pourquoi|différence entre|que signifie|que dit|que veut|que prévoit|parle-moi d|symptômes|histoire d|causes d|écris (?:un|une) (?:poème|article|histoire|fonction|billet)|rédige un (?:article|billet)|donne (?:la|une) définition|en général|in general)/i

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
