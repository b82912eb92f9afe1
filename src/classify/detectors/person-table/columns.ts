/** What a column of a table holds, by its heading. */
export interface Column {
  /** Kebab-case; the rule is named after it. */
  readonly kind: string
  /** The finding that such a column beside a column of persons makes; null for the persons themselves. */
  readonly type: string | null
  readonly words: readonly string[]
}

const column = (kind: string, type: string | null, words: string): Column => ({
  kind,
  type,
  words: words.split('|'),
})

/** Headings of tables of persons, French and English. */
export const COLUMNS: readonly Column[] = [
  column(
    'person',
    null,
    'nom|noms|prénom|prenom|nom complet|nom et prénom|salarié|employé|collaborateur|patient|élève|candidat|adhérent|assuré|abonné|client|contact|interlocuteur|name|full name|full_name|first name|first_name|firstname|last name|last_name|lastname|surname|given name|employee|student|pupil|candidate|member|customer|customer_name|client_name',
  ),
  column(
    'contact',
    'PERSON_TABLE',
    'email|e-mail|mail|courriel|téléphone|tél|tel|portable|mobile|gsm|adresse|adresse postale|date de naissance|ddn|phone|phone number|phone_number|address|home address|date of birth|birth date|birthdate|date_of_birth|dob|matricule|employee id|employee_id',
  ),
  column(
    'pay',
    'COMPENSATION',
    'salaire|salaire brut|salaire net|brut annuel|rémunération|prime|augmentation|salary|base salary|bonus|compensation|wage|pay rise',
  ),
  column(
    'health',
    'MEDICAL_CONDITION',
    'diagnostic|pathologie|maladie|motif d’absence|traitement|handicap|groupe sanguin|allergies|vaccination|diagnosis|medical condition|medication|absence reason|disability|blood type|allergy',
  ),
  column('belief', 'RELIGION', 'religion|confession|culte|faith'),
  column('union', 'UNION_MEMBERSHIP', 'syndicat|appartenance syndicale|union member|union dues'),
  column('party', 'POLITICAL_OPINION', 'parti politique|opinion politique|political party'),
  column(
    'origin',
    'ETHNIC_ORIGIN',
    'origine ethnique|ethnie|ethnicity|race|ethnic origin|couleur de peau',
  ),
  column(
    'offence',
    'CRIMINAL_RECORD',
    'casier judiciaire|condamnation|condamnations|conviction|convictions|criminal record',
  ),
  column('credit', 'CREDIT_FILE', 'impayés|surendettement|credit score|credit_score|overdue debt'),
]
