import type { LiteralGroup } from '../../scan/lexicon.ts'

const group = (name: string, words: string): LiteralGroup => ({
  name,
  standing: 'word',
  words: words.split('|'),
})

/** Legal forms behind a name, but those that are words of a language (SA, SE, AG: the reader of names knows them) (Infogreffe, Companies House, Handelsregister, SEC filings). */
export const FORMS_AFTER = group(
  'legal-form',
  'sas|sasu|sarl|eurl|snc|scop|s.a.|s.a|s.a.s.|s.a.r.l.|s.p.a.|s.p.a|s.r.l.|s.l.|s.c.a.|spa|srl|gmbh|ltd|limited|llc|llp|inc|incorporated|corp|corporation|plc|b.v.|n.v.|kgaa|oyj|aktiengesellschaft|pty',
)

/** What names an organisation, told before its name: French and English. */
export const KINDS_BEFORE = group(
  'organisation-before',
  'société|sociétés|groupe|sarl|sas|sasu|eurl|scop|gie|sci|compagnie|cabinet|maison d’édition|éditions|association|fondation|fédération|syndicat|confédération|union nationale|banque|caisse d’épargne|crédit|assurances|mutuelle|université|université de|hôpital|clinique|chu|chu de|chru de|ehpad|lycée|collège|école|institut|ministère de|ministère du|ministère des|ministère de la|ministère de l’|mairie de|préfecture de|conseil départemental|conseil régional|tribunal de|cour d’appel de|chambre de commerce|journal|radio|club|firma|bank of|university of|institute of|ministry of|department of|house of|college of|school of|church of|museum of|board of|bureau of|royal society of|court of',
)

/** What names an organisation, told behind its name. */
export const KINDS_AFTER = group(
  'organisation-after',
  'university|college|bank|group|holdings|industries|hospital|foundation|institute|airlines|airways|records|motors|pictures|press|entertainment|laboratories|pharmaceuticals|insurance|partners|consulting|technologies|ministry|commission|committee|council|association|federation|league|orchestra|party|army|navy|brothers',
)
