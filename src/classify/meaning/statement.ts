import { plainly } from './plain.ts'

/** A question of general knowledge, a definition, a request to write something new: it says nothing about anyone. */
const GENERIC = plainly(
  /^[^\p{L}]{0,8}(?:(?:please|hi|hello|hey|bonjour|salut|svp|s'il (?:te|vous) pla[iî]t|can you|could you|would you|peux-tu|pouvez-vous|pourrais-tu|pourriez-vous|tu peux|merci de|dis-moi|je voudrais savoir|i want to know|i would like to know|tell me|in general|en général|(?:en|au|aux|dans|selon|d'après|in|under|within) (?:[\p{L}'-]{2,20} ?){1,4}(?=,))[\s,!]{1,3}){0,3}(?:what(?:'?s| is| are| does| do| did| counts| happens)|which|explain|define|describe|how (?:do|does|did|is|are|can|could|to|should|long|many|much)|why|who (?:was|invented|wrote)|when (?:do|does|is|are|should)|is it|are there|is there|can people|tell me about|give (?:me )?(?:an? (?:overview|definition|example|sample|recipe)|the definition|examples?)|summari[sz]e the (?:concept|history|theory)|symptoms|causes|history of|the history|list the|compare the (?:concepts?|theor|law|features)|difference|qu['’ ]est[- ]ce|c'?est quoi|quel(?:le)?s?|explique[rz]?(?:-moi)?|expliquez|définis|définition|décris|décrire|comment|pourquoi|quand|combien|où|existe-t-il|que (?:signifie|dit|veut|prévoit|faire|risque)|à quoi|parle-moi d|symptômes|histoire d|l'histoire|causes|donne(?:-moi)? (?:la|une|des|un) (?:définition|exemples?|recette)|résume (?:l'histoire|le concept|la théorie))(?![\p{L}])|symptoms of|symptômes (?:de|du)|(?:translate|traduis(?:-moi)?|traduire|traduisez) ["“«] ?[^"”»]{1,60}["”»]|difference between|différence entre|the meaning of|en général[ ,?]|in general[ ,?]/iu,
)

/** Something new to be made up: a poem, a model letter, a lesson; and signs that all of it is invented. */
const MADE_UP = plainly(
  /(?<!\p{L})(?:(?:write|draft|compose|tell|create|generate|provide|prepare|suggest|recommend|invent|imagine|make up|give)(?: me| us)? (?:an?|some|two|three|four|five|ten|\d{1,3}|sample) (?:[\p{L}-]{1,14} ){0,3}(?:poem|haiku|speech|blog|article|essay|story|novel|stories|function|template|script|song|joke|dialogue|quiz|lesson|slogan|sonnet|tale|character|job ad|job description|encyclop(?:a)?edia|dataset|titles|books|example|sample|questions|ideas)|(?:écris|rédige|raconte|invente|imagine|génère|propose|prépare|compose|crée|donne|conseille(?:-moi)?)(?:[- ]moi)? (?:une?|des|quelques|deux|trois|quatre|cinq|dix|\d{1,3}) (?:[\p{L}'-]{1,14} ){0,3}(?:poème|haïku|discours|billet|article|essai|histoire|nouvelle policière|roman|fonction|modèle|script|chanson|blague|dialogue|quiz|cours|slogan|conte|personnage|offre d'emploi|annonce d'emploi|fiche encyclopédique|jeu de données|titres|livres|exemples?|questions|idées)|horoscope|fictional|fictitious|fictif|fictive|(?:personnage|character) (?:de|of|in)|du film|of the (?:film|movie|novel)|video game|jeu vidéo|template|modèle vierge|blank \p{L}{3,14}|sample schema|job (?:ad|posting|description|offer)|offre d'emploi|lorem ipsum)(?!\p{L})/iu,
)

/** What the public already knows: statutes, courts, statistics, press. */
const PUBLISHED = plainly(
  /(?<!(?:non|not|pas|encore|avant|yet|before|jamais|never|be|sera|être|to be|an?) )(?<![\p{L}-])(?:publiés?|publiées?|published|press release|communiqué de presse|dans la presse|in the press|mis en ligne|mise en ligne|went live|according to|selon (?:l'|les? |la )(?:insee|ine|oms|ocde|ministère|étude|rapport annuel|presse|gouvernement|loi)|the (?:ministry|bureau|court|supreme court|statistics office|who|un|ai act|new act|listed)|la cour d|cour de cassation|conseil d'état|supreme court|le ministère|l'oms|l'insee|la loi|le règlement européen|article \d{1,3} d|the law|code du travail|code pénal|wikip[eé]dia|researchers|scientists|les chercheurs|in \d{4} about|en \d{4}, \d|per cent of|% (?:of|des) (?:european |american |french )?(?:adults?|people|women|men|workers|employees|households|adultes|personnes|femmes|hommes|salariés|ménages|français)|millions? (?:of people|de personnes)|groupe coté|listed (?:group|company)|a été annoncée? (?:en|le|hier|dans)|was announced|(?:rose|fell|jumped|slid|slipped|climbed|surged|dropped|gained|tumbled) (?:by )?\d{1,3}(?:\.\d{1,2})? ?%|reported record|a (?:bondi|grimpé|chuté|reculé|progressé) de \d{1,3}(?:,\d{1,2})? ?% (?:en|à la) bourse|largest religion|religion la plus|taux de|union density|salaire (?:moyen|médian)|(?:average|median) (?:salary|pay|wage))(?![\p{L}])/iu,
)

const OWN = plainly(
  /(?:^|[\s,;:(«"“'’])(?:notre|nos|nôtres?|mon|ma|mes|our|ours|my|us|we|nous|on (?:va|prépare|envisage|fusionne|casse|ferme|lance|rachète|négocie|licencie|étudie)|chez nous|in-house|in house|company's|team's|maison(?= ?[.,?:])|de (?:l'entreprise|la société|la boîte|l'équipe|la maison|l'usine|la filiale|la direction)|(?:du|au) (?:groupe|siège|dépôt|comité)|l'entreprise|voici|voilà|ci-joint|ci-joints|ci-jointe|ci-dessous|ci-dessus|ci-après|en pièce jointe|je te colle|je colle|est jointe?|here (?:is|are)|here's|attached|below|enclosed|pasted|paste of|this is|ce sont|(?:this|these|ce|cet|cette|ces) (?:[\p{L}'-]{2,16} )?(?:contract|contrat|clauses?|reports?|rapport|files?|fichiers?|documents?|spreadsheet|tableur|memo|notes?|emails?|mails?|courriels?|drafts?|agreement|devis|quote|invoices?|factures?|offer|offre|deck|logs?|journal|extract|extrait|export|dump|lists?|liste|base|dossier|transcript|thread|messages?|tickets?|slides?|diagram|config|configuration|results|résultats|figures|chiffres|minutes|plans?|proposal|proposition|convention|accord|terms|conditions|specs?|profils?|profiles)|(?:received|reçue?s?) (?:from|de|du|d'|ce|hier|this|yesterday)|the (?:company|board|management|executive committee)|the (?:directors|shareholders) (?:resolved|approved|agreed|noted|discussed|voted)|board minutes|minutes of the board|le (?:conseil d'administration|comex|codir|directoire) (?:a )?(?:approuvé|décidé|autorisé|validé|approuve|décide|autorise|valide)|procès-verbal du conseil)(?=[\s,.;:'’?!)]|$)/iu,
)

const POSSESSED = plainly(
  /(?:^|[\s,;:(«"“'’])(?:notre|nos|our|mon|ma|mes|my|voici|voilà|ci-joint|here (?:is|are)|here's|attached)(?=[\s,.;:'’])/i,
)

const TASKS =
  '(?:summari[sz]e|rewrite|draft|write|fix|review|translate|shorten|tidy|clean|turn|convert|extract|reformat|proofread|redline|rank|segment|sort|analy[sz]e|check|find|list|compare|outline|prepare|propose|suggest|make|build|plot|simplify|condense|improve|refactor|port|update|explain|document|prioriti[sz]e|flag|simulate|word|say|give|choose|decide|adjust|adapt|merge|deduplicate|group|count|map|estimate|evaluate|assess|validate|test|debug|implement|create|design|answer|respond|finish|complete|expand|highlight|spot|detect|identify|describe|format|structure|organi[sz]e|remove|replace|rename|edit|correct|polish|screen|keep|pick|tell|reply|rotate|put|label|tag|send|see|tighten|classify|cluster|script|help|critique|comment|add|optimi[sz]e|can we|should we|how bad|what is|which|is it|why|résume[rz]?|réécri[st]|rédige[rz]?|corrige[rz]?|traduis|traduire|raccourcis|nettoie|transforme[rz]?|extrai[st]|reformate[rz]?|relis|relire|améliore[rz]?|classe[rz]?|segmente[rz]?|trie[rz]?|analyse[rz]?|vérifie[rz]?|trouve[rz]?|cherche[rz]?|liste[rz]?|compare[rz]?|prépare[rz]?|propose[rz]?|suggère|fais|mets|simplifie[rz]?|synthétise[rz]?|reformule[rz]?|refactorise|optimise|commente[rz]?|ajoute[rz]?|repère[rz]?|dresse[rz]?|justifie[rz]?|coupe[rz]?|écris|aide[rz]?|remplace[rz]?|fusionne[rz]?|dédoublonne|dépouille|convertis|range|calcule|valorise|vulgarise|comment|pourquoi|documente|priorise|signale|simule|dis|donne|choisis|décide|adapte|regroupe|compte|estime|évalue|valide|teste|débogue|crée|conçois|complète|termine|développe|souligne|détecte|identifie|décris|formate|structure|organise|supprime|renomme|modifie|raccourci|allège|enrichis|réponds|garde|envoie|que faire|que dire|quels? risques|faut-il|peut-on|puis-je|à (?:résumer|traduire|reformater|reformuler|corriger|relire|vulgariser|mettre|simplifier|synthétiser|classer|compléter|vérifier|rédiger|nettoyer|analyser))'
const TASK = plainly(
  new RegExp(
    `(?:^[^\\p{L}]{0,8}(?:please |merci de |peux-tu |pouvez-vous |can you |could you )?|[,;:.?!–—\\n-] ?(?:and |et |puis |then |please )?)${TASKS}(?!\\p{L})`,
    'iu',
  ),
)

const SPECIFIC = plainly(
  /\d[.,]\d{2}(?!\d)|\d ?(?:%|€|\$|£|k|m|m€|k€|millions?|milliards?|billion|bn|postes|roles|jobs|x ebitda)(?!\p{L})|(?<!\p{L})(?:[qt][1-4]|[sh][12]|20[2-4]\d|fy ?\d{2}|(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:'s)?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|janvier|février|fevrier|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|january|february|march|april|june|july|august|september|october|november|december|(?:last|next|this) (?:week|month|quarter|year|spring|summer|autumn|fall|winter|morning)|(?:la semaine|le mois|le trimestre|l'an(?:née)?|l'été) (?:prochaine?|derni[eè]re?)|avant l'été|hier|yesterday|tomorrow|demain|ce matin|annexe [ivx\d]+|section \d|category [ivx]+|catégorie)(?!\p{L})/iu,
)

const HUSHED = plainly(
  /(?<!\p{L})(?:not (?:yet )?(?:announced|public|disclosed|published)|unannounced|unreleased|undisclosed|keep (?:it|this|that) (?:quiet|secret|out)|do not (?:tell|share|disclose|circulate)|don't (?:tell|share|disclose)|nobody knows|no one knows|personne ne le sait|ne pas (?:ébruiter|divulguer|communiquer|diffuser)|encore non|non (?:annoncée?s?|communiquée?s?|publiée?s?)|pas encore (?:annonc|communiqu|publi|officiel)\p{L}{0,6}|avant (?:l'annonce|annonce|publication|audit)|publication le|before (?:the (?:call|announcement|release)|it goes|we announce)|sera annoncée?|will be announced|will miss|en secret|in secret|outside r&d)(?!\p{L})/iu,
)

/** A label and a colon before what it announces: "Journal de l'EDR : …". */
const HEADED = /^[^\n:?!]{3,70}\p{L} ?: ?\S/u

/** What is asked of a sentence, without accents. */
export const STATEMENTS = {
  /** It asks about a subject rather than tells of a case. */
  generic: GENERIC,
  /** It wants something invented. */
  madeUp: MADE_UP,
  /** What it says is common knowledge: law, statistics, press. */
  published: PUBLISHED,
  /** It shows or speaks of something of the writer's own: "notre", "here is", "attached". */
  own: OWN,
  /** The stricter form, which even a question does not weaken. */
  possessed: POSSESSED,
  /** Something is to be done with a material: "résume-le", "draft the note". */
  task: TASK,
  /** It names an amount, a date or a quarter: a case, not a subject. */
  specific: SPECIFIC,
  /** It says that others are not to know. */
  hushed: HUSHED,
  /** It is a heading with its material. */
  headed: HEADED,
}
