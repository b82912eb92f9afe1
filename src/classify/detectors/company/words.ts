import type { Topic } from '../../meaning/find-topics.ts'

const split = (list: string): readonly string[] => list.split('|').map((word) => word.trim())

/** First lexicon of company matters, French and English, from the definitions of the classes. */
export const COMPANY_TOPICS: readonly Topic[] = [
  {
    type: 'HR_MATTER',
    rule: 'hr',
    needs: 'person',
    words: split(
      'avertissement pour|avertissement à|blâme|sanction|absentéisme|licenciement|licencier|licencié|licenciée|lettre de licenciement|entretien préalable|faute grave|rupture conventionnelle|avertissement disciplinaire|mise à pied|sanction disciplinaire|insuffisance professionnelle|harcèlement|entretien annuel|évaluation annuelle|entretien d’évaluation|plan d’amélioration|période d’essai|note de performance|mauvaise performance|conflit avec|démission|absences injustifiées|dossier disciplinaire|dossier rh|mutation disciplinaire|' +
        'terminated|terminated for cause|termination letter|fired|firing|laid off|layoff|dismissal|dismissed|disciplinary|disciplinary action|written warning|final warning|performance improvement plan|pip|performance review|underperforming|harassment complaint|gross misconduct|severance|exit interview|probation period|resignation|hr file|grievance|misconduct|annual review|appraisal',
    ),
  },
  {
    type: 'COMPENSATION',
    rule: 'salary',
    needs: 'person',
    words: split(
      'salaire|salaires|salaires actuels|rémunération|augmentation|augmentations|augmentation de salaire|grille de salaires|grille salariale|bulletin de paie|bulletins de paie|fiche de paie|fiches de paie|prime|primes|bonus|saisie sur salaire|stock-options|package salarial|' +
        'salary|salaries|compensation|pay rise|raise|payslip|payslips|paystub|payroll|bonus|bonuses|stock options|wage garnishment|pay band|salary grid|equity grant|earns|gagne',
    ),
  },
  {
    type: 'LEGAL_PRIVILEGE',
    rule: 'legal',
    needs: 'shown',
    words: split(
      'secret professionnel de l’avocat|correspondance avocat|avocat-client|consultation juridique confidentielle|note de notre avocat|notre avocat|nos avocats|notre conseil juridique|stratégie de défense|stratégie contentieuse|protocole transactionnel|projet de transaction|attorney-client|attorney client privilege|attorney-client privileged|attorney client privileged|attorney work product|work product doctrine|privileged communication|legally privileged|without prejudice|our lawyers|our counsel|outside counsel|litigation strategy|litigation hold|our exposure|settlement offer|our legal strategy|provision pour litige|notre contentieux|mise en demeure',
    ),
  },
  {
    type: 'UNPUBLISHED_FINANCE',
    rule: 'finance',
    needs: 'company',
    words: split(
      'résultats|bénéfice|pertes|budget|marge|chiffres du trimestre|résultats non publiés|résultats trimestriels|résultats du trimestre|chiffre d’affaires|prévisions de vente|budget prévisionnel|business plan|marge brute|marge par client|marges|trésorerie|levée de fonds|tour de table|comité d’audit|conseil d’administration|procès-verbal du conseil|avertissement sur résultats|plan de financement|covenant|covenants|prévisionnel|comptes non audités|cash burn|table de capitalisation|conditions tarifaires|grille tarifaire négociée|prix de revient|remises négociées|offre commerciale|appel d’offres|' +
        'revenue|margin|profit|losses|earnings|forecast|q1 numbers|q2 numbers|q3 numbers|q4 numbers|unreleased|unreleased earnings|unpublished results|unannounced|quarterly results|q1 revenue|q2 revenue|q3 revenue|q4 revenue|earnings draft|board deck|board minutes|board meeting|gross margin|margins|cash runway|runway|burn rate|fundraising|term sheet|cap table|revenue forecast|sales forecast|sales pipeline|financial projections|pre-announcement|profit warning|unaudited|budget forecast|pricing strategy|cost structure|negotiated discount|bid|rfp response|p&l|debt covenant|series a|series b|series c|valuation',
    ),
  },
  {
    type: 'MERGER_ACQUISITION',
    rule: 'merger',
    needs: 'company',
    words: split(
      'fusion-acquisition|fusion|acquisition|rachat|rachat de|projet de rachat|cession|offre de rachat|due diligence|lettre d’intention|data room|cible d’acquisition|opa|plan social|pse|restructuration|réorganisation|fermeture du site|suppressions de postes|délocalisation|' +
        'merger|m&a|acquisition target|acquire|acquiring|takeover|tender offer|letter of intent|buyout|divestiture|carve-out|spin-off|reorg|restructuring|redundancy plan|plant closure|job cuts|layoffs',
    ),
  },
  {
    type: 'STRATEGY',
    rule: 'strategy',
    needs: 'company',
    words: split(
      'feuille de route|roadmap|plan stratégique|notre stratégie|our strategy|stratégie commerciale|stratégie de prix|lancement non annoncé|produit non annoncé|brevet en cours|dépôt de brevet|demande de brevet|brevet non déposé|projet secret|nom de code|secret de fabrication|formule secrète|plan de lancement|contrat avec|contrat cadre|négociation|négociations|stratégie de négociation|' +
        'product roadmap|unannounced product|strategic plan|go-to-market|launch plan|patent application|patent draft|invention disclosure|unfiled patent|codename|code name|competitive strategy|negotiation strategy|negotiation position|contract with|supplier contract|master agreement|trade secret',
    ),
  },
  {
    type: 'SECURITY_WEAKNESS',
    rule: 'security',
    needs: 'company',
    words: split(
      'rapport d’audit|vulnérabilité|vulnérabilités|vulnérabilités critiques|test d’intrusion|rapport de pentest|pentest|faille|failles|faille de sécurité|non corrigée|non corrigées|incident de sécurité|indicateurs de compromission|fuite de données|compromission|plan de reprise|plan d’adressage|schéma réseau|architecture réseau|règles de pare-feu|règles du pare-feu|export du pare-feu|configuration du pare-feu|plan du site|active directory|' +
        'pentest report|penetration test|vulnerability|vulnerabilities|vulnerability report|unpatched|security incident|incident report|data breach|indicators of compromise|network diagram|network topology|firewall rules|firewall config|open cves|attack surface|red team|zero-day|disaster recovery plan|terraform state|vpn config|internal hostnames|post-mortem|postmortem|root cause analysis|access matrix',
    ),
  },
  {
    type: 'SOURCE_CODE',
    rule: 'source-code',
    needs: 'shown',
    words: split(
      'code propriétaire|code source propriétaire|code source interne|notre code source|notre base de code|notre dépôt privé|notre algorithme|algorithme propriétaire|notre moteur de|proprietary code|proprietary source|proprietary algorithm|our codebase|our source code|our private repo|our private repository|our internal library|closed-source code|internal repo|internal repository|our proprietary|code interne',
    ),
  },
  {
    type: 'CUSTOMER_DATA',
    rule: 'customers',
    needs: 'company',
    words: split(
      'fichier client|fichier clients|fichiers clients|base clients|base de données clients|liste de clients|liste des clients|liste de nos clients|export crm|extraction crm|données clients|contrats clients|tickets clients|nos clients|réclamations clients|customer list|customer database|customer records|customer data|client list|crm export|export from the crm|our customers|our clients|client contracts|customer complaints|mailing list|support tickets|user database',
    ),
  },
  {
    type: 'LOCATION_HISTORY',
    rule: 'location',
    needs: 'person',
    words: split(
      'géolocalisation|historique de géolocalisation|historique de localisation|données de localisation|traces gps|trajets|déplacements|relevés gps|badgeages|historique de badges|géolocalisé|location history|gps history|gps traces|gps logs|geolocation|location data|badge logs|badge swipes|whereabouts|track the location',
    ),
  },
  {
    type: 'CREDIT_FILE',
    rule: 'credit-file',
    needs: 'person',
    words: split(
      'relevé bancaire|relevés bancaires|relevé de compte|relevés de compte|surendettement|fichage banque de france|ficp|interdit bancaire|dossier de crédit|capacité d’emprunt|dossier de prêt|avis d’imposition|bank statement|bank statements|credit report|credit score|loan application|bankruptcy|overdraft|tax return|tax returns|debt collection|mortgage application',
    ),
  },
  {
    type: 'EXPORT_CONTROL',
    rule: 'export-control',
    needs: 'shown',
    words: split(
      'itar-controlled|itar controlled|itar drawing|itar technical data|ear99|export-controlled|export controlled|controlled technical data|controlled unclassified information|contrôle des exportations|bien à double usage|biens à double usage|matériel de guerre|double usage|dual-use technology|dual-use item|usml|eccn|sbdu|licence d’exportation|export licence|export license',
    ),
  },
  {
    type: 'CHILD',
    rule: 'child',
    needs: 'person',
    words: split(
      'aide sociale à l’enfance|signalement|enfant en danger|enfant placé|garde des enfants|maltraitance|mineur isolé|bulletin scolaire|élève de 6e|élève de cm2|élève de ce1|classe de cm2|difficultés scolaires|exclusion scolaire|protection de l’enfance|child protection|foster care|child abuse|safeguarding|custody of|school report|pupil|special needs child|bullied at school|underage|minor child',
    ),
  },
  {
    type: 'KEY_MATERIAL',
    rule: 'key-material',
    needs: 'own',
    words: split(
      'kubeconfig|prod kubeconfig|clé privée|clés privées|fichier .env|mots de passe|mot de passe root|identifiants de production|coffre-fort de mots de passe|clé api|clé d’api|clés api|clés d’api|private key|private keys|client key|.env file|env file|root password|production credentials|prod credentials|api keys|password vault|admin credentials|service account key|ssh key|ssh keys',
    ),
  },
  {
    type: 'INTERNAL_MATTER',
    rule: 'internal-document',
    needs: 'shown',
    confidence: 0.65,
    words: split(
      'mail interne|e-mail interne|courriel interne|message interne|note interne|mémo interne|communication interne|annonce interne|compte rendu interne|réunion interne|internal email|internal memo|internal announcement|internal newsletter|internal meeting|internal wiki|internal faq|internal documentation|internal survey|internal training',
    ),
  },
  {
    type: 'INTERNAL_MATTER',
    rule: 'internal-matter',
    needs: 'own',
    confidence: 0.65,
    words: split(
      'procédure|procédure interne|procédures|astreinte|planning|planning de l’équipe|compte rendu|compte-rendu|compte rendu de réunion|réunion|notes de réunion|notes internes|note de service|note interne|organigramme|intranet|wiki interne|outil interne|outils internes|équipe|rétrospective|rétro|sprint|backlog|objectifs|okr|okrs|process|processus|charte|politique interne|règlement intérieur|onboarding|livret d’accueil|formation interne|séminaire|guide interne|documentation interne|tickets jira|jira|calendrier|congés|télétravail|fournisseur|fournisseurs|kpi|indicateurs|reporting|tableau de bord|plan d’action|ordre du jour|newsletter interne|runbook|' +
        'internal process|internal policy|internal policies|internal|meeting notes|meeting minutes|minutes|retro|retro notes|sprint|sprint retro|standup|standup notes|team offsite|offsite|org chart|onboarding guide|onboarding|employee handbook|handbook|on-call|on-call rotation|rota|runbook|wiki|confluence|jira|policy|travel policy|expense policy|playbook|internal tool|internal tooling|okrs|team|action items|agenda|quarterly goals|procedure|all-hands|all hands|vendor list|suppliers|release checklist|style guide|coding guidelines|deployment checklist|status update|weekly report|design doc',
    ),
  },
]
