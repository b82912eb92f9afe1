import type { Topic } from '../../meaning/find-topics.ts'

const split = (list: string): readonly string[] => list.split('|').map((word) => word.trim())

/** Law, finance, mergers, strategy, customers. Sources: article 66-5 of the law of 31 December 1971, FRE 502, Regulation (EU) 596/2014 (inside information), Directive (EU) 2016/943 (trade secrets). */
export const AFFAIRS_TOPICS: readonly Topic[] = [
  {
    type: 'LEGAL_PRIVILEGE',
    rule: 'legal',
    needs: 'shown',
    words: split(
      'secret professionnel de l’avocat|couvert par le secret professionnel|couverte par le secret professionnel|correspondance avocat|avocat-client|client-avocat|consultation juridique confidentielle|note de notre avocat|notre avocat|nos avocats|notre avocate|notre conseil juridique|nos conseils|notre juriste|stratégie de défense|ligne de défense|stratégie contentieuse|protocole transactionnel|projet de transaction|projet d’assignation|' +
        'attorney-client|attorney client privilege|attorney-client privileged|attorney client privileged|attorney work product|work product doctrine|work product:|privileged communication|privileged:|privileged and confidential|legally privileged|without prejudice|our lawyers|our lawyer|our counsel|our attorney|our attorneys|our solicitor|our solicitors|our barrister|outside counsel|trial counsel|litigation strategy|litigation hold|our exposure|settlement offer|our legal strategy|provision pour litige|notre contentieux|mise en demeure|cease and desist|subpoena|prep the witness|cross-examination|partie adverse|confrère adverse|protocole d’accord transactionnel|accord transactionnel|avis de notre avocat|mémoire en défense|risque juridique|opposing party|opposing counsel|settlement agreement|settlement proposal|our defence|our defense|our legal|legal hold|draft complaint|demand letter|witness statement|avis juridique|avis juridique de notre|general counsel|general counsel’s|in-house counsel|memo from the general|legal memo|notre cabinet|nos chances au tribunal|chances of winning|our case|our chances|pleading|brief for court|motion to dismiss|our settlement|patent risk|infringement|contrefaçon',
    ),
  },
  {
    type: 'LEGAL_PRIVILEGE',
    rule: 'legal-matter',
    needs: 'company',
    words: split(
      'exposition|litige|contentieux|assignation|assigné|assignés|audience prud’homale|le procès|le tribunal|prud’homal|prud’hommes|contrefaçon|plaidoirie|conclusions en défense|avocat|juriste|cabinet|cnil|autorité de la concurrence|dgccrf|amf|perquisition|projet de transaction|requalifie|requalification|clause|indemnisation|désistement|médiation|arbitrage|provision pour|ouvert une procédure|mise en conformité|condamner|' +
        'our exposure|lawsuit|sued|suing|litigation|legal dispute|breach claim|patent suit|class action|settle|settlement|arbitration|mediation|indemnity|indemnity clause|liability|regulator|regulatory inquiry|ftc|sec inquiry|ico investigation|antitrust|deposition|discovery request|legal told|legal says|legal advice|legal opinion|legal memo|counsel|claimant|damages|go to trial|risquons|amende|sanction de la cnil|action en justice|plainte contre nous|réclamation contre|dommages et intérêts|préjudice|responsabilité|résiliation|rupture du contrat|non-conformité|enquête|redressement|contrôle fiscal|contrôle urssaf|urssaf|inspection du travail|fine from|we risk|regulatory fine|tax audit|audit by|complaint against us|non-compliance|breach of contract|liable|terminate the contract|compliance gap|investigation into us|chronology|dispute with|avocate|contentieuse|clause d’exclusivité|clause de non|chances au tribunal|tribunal de commerce|refuse de payer|recouvrement|injonction|mise en cause|conseil juridique|huissier de justice|saisine|refuses to pay|small claims|injunction|regulators|whistleblower|compliance breach|gdpr breach|data protection complaint|sanctions breach',
    ),
  },
  {
    type: 'UNPUBLISHED_FINANCE',
    rule: 'finance',
    needs: 'company',
    words: split(
      'résultats|résultat net|bénéfice|pertes|budget|marge|marges|ebitda|chiffre d’affaires|comptes|dividende|trésorerie|endettement|dette|prévisions|prix|prix plancher|tarif négocié|tarifs négociés|remise|remises|rabais|coût unitaire|coûts|actionnaires|investisseurs|banque|levée|levons|appel d’offres|offre commerciale|notre devis|avenant|conseil d’administration|comité de direction|codir|comex|' +
        'revenue|margin|margins|profit|losses|earnings|ebitda|forecast|guidance|dividend|debt|budget|spending|our cost|costs|cost per unit|cost structure|price floor|discount|bid|tender|rfp|p&l|valuation|investor|investors|shareholders|bank covenant|raising|funding round|board note|board note|balance sheet|pipeline|bookings|churn|arr|mrr|burn|levée de dette|emprunt|ligne de crédit|rentabilité|bénéfices|investissement|investissements|fonds|actionnariat|valorisation|prix de vente|tarification|tarifs|grille tarifaire|coûts de production|objectif de vente|objectifs de vente|ventes|commande|carnet de commandes|impayés clients|facturation|résultats semestriels|burn rate|bridge round|bridge loan|credit line|credit facility|profitability|investment|sales target|sales targets|sales|order book|unpaid invoices|invoicing|price increase|price list|rates|half-year results|fund|fundraise|dilution|equity round|ownership|nos ventes|ventes par|ventes de|pertes atteindront|auditeurs|commissaire aux comptes|associés|compte courant d’associé|point mort|écart budgétaire|dépréciation|prêteur|banquier|our sales|sales by|auditors|audit committee|inventory valuation|write-off|write-down|impairment|restatement|lender|loan from|break-even|overspend|payables|receivables|fiscal year|unit sales',
    ),
  },
  {
    type: 'UNPUBLISHED_FINANCE',
    rule: 'finance-paper',
    needs: 'matter',
    words: split(
      'chiffres du trimestre|résultats non publiés|résultats trimestriels|résultats du trimestre|chiffre d’affaires du|prévisions de vente|budget prévisionnel|budget 20|business plan|plan d’affaires|marge brute par|marge par client|mois de trésorerie|plan de trésorerie|levée de fonds|tour de table|en série a|en série b|série a|série b|comité d’audit|procès-verbal du conseil|ordre du jour du conseil|avertissement sur résultats|plan de financement|covenant|covenants|prévisionnel|comptes non audités|comptes provisoires|avant audit|cash burn|table de capitalisation|conditions tarifaires|grille tarifaire négociée|prix de revient|remises négociées|remise exceptionnelle|pacte d’actionnaires|rapprochement bancaire|notre offre à|notre prix|' +
        'q1 numbers|q2 numbers|q3 numbers|q4 numbers|unreleased earnings|unpublished results|quarterly results|q1 revenue|q2 revenue|q3 revenue|q4 revenue|earnings draft|earnings call script|board deck|board paper|board pack|board minutes|board meeting|minutes of the board|gross margin by|margin by customer|cash runway|months of runway|cost per unit|unit cost|runway|burn rate|fundraising|fundraise|term sheet|cap table|convertible note|pre-money|post-money|revenue forecast|sales forecast|sales pipeline|financial projections|pre-announcement|profit warning|miss guidance|unaudited|budget forecast|pricing strategy|negotiated discount|rfp response|debt covenant|leverage covenant|covenant|series a|series b|series c|investor update|unit economics|annonce des résultats|résultats semestriels|script des résultats|note au conseil|note au comité exécutif|budget prévisionnel|plan de trésorerie|plan moyen terme|business case|liasse fiscale|bilan provisoire|réponse à l’appel d’offres|réponse à un appel d’offres|offre de prix|bridge round|funding round|term sheet|earnings script|board memo|board resolution|shareholder letter|shareholders’ agreement|bank loan application|management accounts|monthly accounts|half-year results|price list|rate card|tender response|bid price|business case|p&l by|sales by region|ventes par magasin|comité d’audit|rapport du commissaire|valorisation des stocks|plan de retournement|audit committee|inventory valuation|sales by store|trading update|draft accounts|draft annual report|restatement|auditors found|lender presentation|turnaround plan',
    ),
  },
  {
    type: 'MERGER_ACQUISITION',
    rule: 'merger',
    needs: 'company',
    words: split(
      'fusion|fusionne les équipes|fusionner|acquisition|acquérir|rachat|racheter|cession|céder|cible|opa|plan social|pse|restructuration|réorganisation|réorganise|fermeture|fermer le site|ferme|usine|suppressions|délocalisation|délocaliser|externaliser|carve-out|reprise|entrée au capital|' +
        'merger|merge|merging|m&a|acquire|acquiring|acquisition|takeover|buy out|buyout|divest|divestiture|divestment|carve-out|spin-off|spin off|sell the|reorg|reorganisation|reorganization|restructuring|closes|closing|closure|shut down|shutting down|relocate|offshoring|outsource|private equity|synergy|synergies|target company|sortir du marché|retrait du marché|se retirer|cesser l’activité|fermons|rachetons|vendons|vendre la filiale|ouverture du capital|scission|absorption|joint-venture|coentreprise|withdraw from|exit the market|pull out of|wind down|sell off|selling our|joint venture|bolt-on|absorb|repreneur|repreneur potentiel|acheteur potentiel|acquéreur|candidat au rachat|valuation ranges|potential buyer|acquirer|suitor|bidder|stake in|minority stake|majority stake',
    ),
  },
  {
    type: 'MERGER_ACQUISITION',
    rule: 'merger-paper',
    needs: 'matter',
    words: split(
      'fusion-acquisition|projet de rachat|projet de rachat de|cession de|projet de fusion|offre de rachat|due diligence|lettre d’intention|data room|cible d’acquisition|fermeture du site|fermeture de l’usine|fermeture de l’agence|suppressions de postes|postes supprimés|plan de sauvegarde de l’emploi|plan de départs|projet de cession|intégration post-acquisition|' +
        'acquisition target|tender offer|letter of intent|due diligence|data room|plant closes|plant closure|plant closing|site closure|factory closure|closes in|redundancy plan|job cuts|layoffs|layoffs hit|carve-out of|talks to acquire|in talks to|offered for us|synergy slide|post-merger|tsa|reduction in force|headcount reduction|reprise de la société|sortie du marché|offre non engageante|lettre d’offre|valorisation de la cible|non-binding offer|indicative offer|market exit|site closure|office closure|store closures|downsizing|integration plan|employees about the closure|liste de cibles|cibles d’acquisition|repreneur potentiel|target list|acquisition target list|acquisition targets|valuation ranges|potential buyer|teaser|information memorandum|sell-side|buy-side',
    ),
  },
  {
    type: 'STRATEGY',
    rule: 'strategy',
    needs: 'company',
    words: split(
      'feuille de route|notre stratégie|plan stratégique|lancement|brevet|contrat|contrats|accord commercial|partenariat|négociation|négociations|négocier|négocie|position tenir|position face|concurrent|concurrents|notre produit|gamme|notre prototype|formule|notre recette|procédé de fabrication|secret de fabrication|nom de code|projet secret|argumentaire|plan de lancement|face à l’acheteur|prix plancher|clauses|' +
        'company strategy|strategic plan|our launch|launches|patent|contract|msa|sow|partnership|negotiation|negotiate|negotiating|in talks|walk-away|walk-away price|rival|rivals|competitor|competitors|undercut|product line|our prototype|formula|our recipe|codename|code name|sunset|supplier|wearable|go-to-market|unfair clauses|bad clauses|sortie de|positionnement|partenaire|partenaires|distributeur|fournisseur|bailleur|conditions d’achat|achats|notre sauce|recette exacte|cahier des charges|revendications|négociation avec|partner|partners|distributor|vendor terms|landlord|our limit|negotiation limit|purchase terms|positioning|claims|specification|unlaunched|new product|campaign plan|our sauce|competitor analysis|stop supporting|end of life|end-of-life|deprecate|arrêter la gamme|pivoter|nouveau marché|ouvrir un magasin|idée de brevet|prochain modèle|prochaine version|clause de prix|négociable|fournisseurs|appel d’offre|new market|new store|next model|next release|entering the|haven’t told|price clause|sourcing|bill of materials|trade-off|backlog of features|competitive analysis|market share|our roadmap|the roadmap|product roadmap|notre feuille de route|la roadmap',
    ),
  },
  {
    type: 'STRATEGY',
    rule: 'strategy-paper',
    needs: 'matter',
    words: split(
      'notre stratégie|stratégie commerciale|stratégie de prix|lancement non annoncé|produit non annoncé|brevet en cours|dépôt de brevet|demande de brevet|brevet non déposé|projet de brevet|améliore les revendications|contrat avec|contrat cadre|contrat-cadre|stratégie de négociation|négociation fournisseur|négociation avec|feuille de route 20|roadmap 20|plan à trois ans|plan à cinq ans|nom de code|formule du|formule de|lancement de l’|est décalé|' +
        'our strategy|product roadmap|roadmap 20|unannounced product|strategic plan|go-to-market plan|launch plan|launch slips|launch is delayed|patent application|patent draft|invention disclosure|unfiled patent|draft claims|codename|codenamed|competitive strategy|negotiation strategy|negotiation position|supplier negotiation|contract with|supplier contract|master agreement|trade secret|walk-away price|pricing strategy|battlecard|competitive teardown|three-year plan|five-year plan|contrat fournisseur|contrat de prestation|contrat de distribution|avant signature|avant de signer|cahier des charges|analyse concurrentielle|étude de marché interne|recette exacte|supplier agreement|service agreement|distribution agreement|licence agreement|license agreement|before signing|before we sign|nda with|memorandum of understanding|competitor analysis|rewrite claim|patent claims|product specification|idée de brevet|clause de prix|contrat avec|avenant au contrat|brouillon de contrat|haven’t told customers|haven’t told|patent idea|invention idea|price clause|contract amendment|bill of materials|next-generation product',
    ),
  },
  {
    type: 'STRATEGY',
    rule: 'hushed',
    needs: 'matter',
    words: split(
      'personne ne le sait|personne n’est au courant|à ne pas ébruiter|ne pas ébruiter|ne rien dire|pas encore annoncé|pas encore annoncée|pas encore public|non annoncé|non annoncée|encore non communiqué|encore non communiquées|non communiqué au marché|sera annoncée|reste entre nous|strictement entre nous|top secret en interne|' +
        'not announced|not announced yet|not yet announced|not public yet|unannounced|unreleased|keep it quiet|keep this quiet|keep this between us|between us only|do not share outside|do not tell|don’t tell anyone|nobody knows yet|no one knows yet|before we announce|ahead of the announcement|hush-hush',
    ),
  },
  {
    type: 'CUSTOMER_DATA',
    rule: 'customers',
    needs: 'company',
    words: split(
      'clients|gros clients|plus gros clients|clients du|abonnés|prospects|donateurs|adhérents|base clients|données clients|contrats clients|tickets clients|réclamations|réclamations clients|résiliations|' +
        'customers|largest customers|clients|top clients|top customers|active accounts|subscribers|donors|prospects|leads|members|customer data|client contracts|customer complaints|support tickets|user database|users’ emails|churned accounts|adhérent|clientèle|abonné|acheteurs|patientèle|comptes clients|désabonnés|avis clients|enquête de satisfaction|buyers|user base|client base|customer feedback|churn|satisfaction survey|nps comments|revendeurs|coordonnées de nos|coordonnées des|contacts de nos|fournisseurs et contacts|newsletter subscribers|resellers|dealers|patients list|guest list|participants list|members of our|by spend|purchase history|historique d’achats',
    ),
  },
  {
    type: 'CUSTOMER_DATA',
    rule: 'customer-file',
    needs: 'matter',
    words: split(
      'fichier client|fichier clients|fichiers clients|fichier prospects|base de données clients|base clients|base prospects|base adhérents|liste de clients|liste des clients|liste de nos clients|liste des abonnés|export crm|extraction crm|export salesforce|export hubspot|extraction salesforce|' +
        'customer list|customer database|customer records|client list|list of customers|list of clients|crm export|crm extract|salesforce export|hubspot export|export from the crm|mailing list of|lead list|prospect list|subscriber list|base de nos|base des adhérents|fichier des adhérents|fichier des abonnés|clients perdus|clients résiliés|liste des comptes|customers who|clients who|list of accounts|list of subscribers|list of members|list of users|contact list|address book|carnet d’adresses|liste de contacts',
    ),
  },
]
