import type { Topic } from '../../meaning/find-topics.ts'

const split = (list: string): readonly string[] => list.split('|').map((word) => word.trim())

const PEOPLES_FR =
  'algérienne|marocaine|tunisienne|maghrébine|malienne|sénégalaise|ivoirienne|camerounaise|congolaise|comorienne|malgache|africaine|antillaise|haïtienne|turque|kurde|arménienne|libanaise|syrienne|iranienne|afghane|pakistanaise|indienne|tamoule|chinoise|vietnamienne|cambodgienne|coréenne|japonaise|asiatique|russe|ukrainienne|polonaise|roumaine|bulgare|albanaise|portugaise|italienne|espagnole|étrangère|juive|arabe|berbère|rom|tsigane|européenne|latino|sud-américaine|supposée'
const PEOPLES_EN =
  'african|arab|algerian|moroccan|tunisian|nigerian|ghanaian|kenyan|somali|ethiopian|sudanese|jamaican|caribbean|haitian|turkish|kurdish|armenian|lebanese|syrian|iranian|afghan|pakistani|indian|bengali|tamil|chinese|vietnamese|korean|japanese|asian|russian|ukrainian|polish|romanian|irish|italian|jewish|roma|mexican|cuban|latin american|native american|aboriginal|mixed'

const FRENCH_ORIGINS = PEOPLES_FR.split('|').map((people) => `d’origine ${people}`)
const ENGLISH_ORIGINS = PEOPLES_EN.split('|').flatMap((people) => [
  `${people} descent`,
  `${people} origin`,
  `${people} heritage`,
])

/** Words of articles 9 and 10 of Regulation (EU) 2016/679 in everyday French and English; parties and unions by their usual names. */
export const SPECIAL_TOPICS: readonly Topic[] = [
  {
    type: 'RELIGION',
    rule: 'religion',
    needs: 'person',
    words: split(
      'musulman|musulmane|juif|juive|chrétien|chrétienne|catholique|protestant|protestante|orthodoxe|bouddhiste|hindou|hindoue|sikh|mormon|mormone|salafiste|soufi|chiite|sunnite|témoin de jéhovah|témoins de jéhovah|évangélique|évangéliste|adventiste|athée|agnostique|pratiquant|pratiquante|croyant|croyante|ramadan|fait le ramadan|jeûne|carême|shabbat|messe|à la mosquée|à la synagogue|à l’église|prie|prière|prières|converti à l’islam|convertie à l’islam|converti au|convertie au|judaïsme|islam|christianisme|conviction religieuse|convictions religieuses|confession religieuse|appartenance religieuse|croyances religieuses|croyances|religion|foi chrétienne|baptisé|baptisée|circoncision|porte le voile|son voile|voilée|foulard|hijab|niqab|kippa|casher|halal|aumônier|séminariste|imam|rabbin|secte|scientologue|transfusion|' +
        'muslim|jewish|jew|christian|catholic|protestant|orthodox|buddhist|hindu|sikh|mormon|mormon church|sunni|shia|jehovah’s witness|evangelical|adventist|baptist|pentecostal|amish|quaker|atheist|agnostic|scientologist|cult|religion|religious belief|religious beliefs|religious views|converted to islam|converted to|convert to|hijab|headscarf|veil|kippah|yarmulke|turban|halal|kosher|prays|prayer|prayers|prayer room|mosque|synagogue|church every|practising christian|practising|practicing|religious affiliation|observes ramadan|ramadan|shabbat|sabbath|lent|baptised|baptized|bar mitzvah|chaplain|imam|rabbi|faith|religieux|religieuse|motif religieux|pour motif religieux|kippour|yom kippour|hanoukka|diwali|noël orthodoxe|pâque juive|hadj|la mecque|franc-maçon|franc-maçonne|franc-maçonnerie|loge maçonnique|jésuite|prêtre|pasteur|nonne|couvent|paroisse|paroissien|mariage religieux|serrer la main des femmes|salafisme|radicalisé|radicalisée|fiche s|religious|on religious grounds|religious holiday|eid|passover|yom kippur|hanukkah|pilgrimage|hajj|mecca|freemason|masonic|jesuit|priest|pastor|nun|parish|religious wedding|radicalised|radicalized|bible study|church group|born-again|godparent|rosh hashanah|bouddhisme|hindouisme|chrétienté|carmélite|scoutisme catholique|évangile|étude biblique|école coranique|prosélytisme|signe religieux|signes religieux|croix au cou|laïcard|apostat|apostasie|wears a hijab|wears a veil|cross necklace|quran|koran|torah|mosque every|sunday school|missionary|spiritual beliefs|shaman|wiccan|pagan|satanist|francs-maçons|franc-maçons|francs-maçonnes|freemasons',
    ),
  },
  {
    type: 'RELIGION',
    rule: 'religious-feast',
    needs: 'person',
    standing: 'word',
    words: split('l’aïd|l’aïd el-fitr|l’aïd el-kébir|eid|kippour|yom kippour'),
  },
  {
    type: 'UNION_MEMBERSHIP',
    rule: 'union',
    needs: 'person',
    words: split(
      'syndiqué|syndiquée|syndiqués|adhérent cgt|adhérente cgt|délégué syndical|déléguée syndicale|délégués syndicaux|délégué cfdt|délégué cgt|adhérents syndicaux|adhérent syndical|appartenance syndicale|cgt|cfdt|force ouvrière|chez fo|à fo|sud solidaires|sud rail|cfe-cgc|cftc|unsa|fsu|carte syndicale|cotise à un syndicat|cotisation syndicale|activités syndicales|activité syndicale|mandat syndical|syndicaliste|syndicat|syndicats|élu cgt|élue cgt|élu du cse|gréviste|grévistes|piquet de grève|section syndicale|liste syndicale|' +
        'union member|union members|union membership|trade union|trade unionist|shop steward|union rep|union reps|union representative|unionised|unionized|unionise|unionize|unionising|unionizing|union drive|union dues|union organiser|union organizer|union organising|union organizing|labor union|labour union|union activity|union card|union cards|union vote|union meeting|on strike|strikers|picket line|teamsters|afl-cio|seiu|uaw|unison|gmb|unite the union|works council rep|grève|la grève|en grève|a fait grève|ont fait grève|fait grève|débrayage|élections professionnelles|candidat au cse|représentant du personnel|représentante du personnel|the strike|strike vote|went on strike|took part in the strike|strike fund|walkout|works council|staff representative|collective bargaining|délégué sud|sud de l’entrepôt|appelle au blocage|appelle à la grève|blocage du site|syndical|syndicale|syndicaux|prud’homaux cgt|heures de délégation|mandat cse|tract syndical|unionist|organizing committee|bargaining unit|the union|union leader|labor organizer|labour organiser|wildcat strike',
    ),
  },
  {
    type: 'POLITICAL_OPINION',
    rule: 'politics',
    needs: 'person',
    words: split(
      'opinions politiques|opinion politique|orientation politique|couleur politique|bord politique|sympathies politiques|militant politique|militant socialiste|militant|militante|milite|encarté|encartée|vote rn|vote lfi|vote à gauche|vote à droite|vote écologiste|vote pour|vote front national|vote macron|a voté|électeur du rn|carte du parti|adhérent du parti|adhérente du parti|adhérents du parti|membre du parti|parti socialiste|parti communiste|rassemblement national|front national|france insoumise|reconquête|les républicains|europe écologie|extrême droite|extrême gauche|d’extrême|gauchiste|facho|communiste|trotskiste|anarchiste|royaliste|gilet jaune|gilets jaunes|sympathisant|sympathisante|engagement politique|convictions politiques|tendance politique|élu local|candidat aux municipales|manifestation contre|manif|' +
        'political opinion|political opinions|political views|political affiliation|party affiliation|political party|political activism|activist|votes labour|votes republican|votes democrat|votes green|voted for|voted for trump|voted leave|party member|card-carrying|far-right|far-left|left-wing|right-wing|republican voter|conservative voter|republican|democrat|labour party|conservative party|green party|reform uk|tory|tories|liberal democrat|maga|antifa|socialist|anarchist|political leaning|political leanings|leans left|leans right|political beliefs|political donations|donated to|votes tory|votes conservative|communist|campaigned for|canvassing|protest march|attended a protest|parti politique|est de gauche|est de droite|gauche ou droite|penchants politiques|idées politiques|meeting politique|tracts|zadiste|activiste|écolo|pétition contre|candidate aux|leanings|picketing|campaign donation|who they voted for|ballot choice|pro-choice|pro-life|anti-immigration|sensibilité politique|sensibilités politiques|étiquette politique|conseiller municipal d’opposition|opposant au régime|opposant politique|dissident|réfugié politique|demandeur d’asile|nationaliste|indépendantiste|souverainiste|complotiste|antivax|féministe radicale|marxiste|libertarien|zemmour|mélenchon|le pen|bardella|macroniste|insoumis|political sympathies|political donor|party donors|dissident|political refugee|asylum seeker|asylum claim|nationalist|separatist|conspiracy theorist|libertarian|marxist|feminist activist|pro-palestinian|pro-israel|brexiteer|remainer|biden supporter|trump supporter|supports trump|voted for the far|voted far|voted labour|voted republican|voted democrat|voted leave|voted green',
    ),
  },
  {
    type: 'ETHNIC_ORIGIN',
    rule: 'ethnic-origin',
    needs: 'person',
    words: [
      ...FRENCH_ORIGINS,
      ...ENGLISH_ORIGINS,
      ...split(
        'origine ethnique|origines ethniques|origine raciale|origine supposée|origines supposées|maghrébin|maghrébine|arabe|noir de peau|noire de peau|est noir|est noire|rom|roms|tsigane|gitan|gitane|manouche|peul|peule|kabyle|berbère|couleur de peau|métis|métisse|race|ethnie|prénom à consonance|à consonance étrangère|consonance étrangère|prénoms juifs|prénoms arabes|prénoms africains|noms juifs|afro-descendant|type européen|faciès|accent africain|' +
          'ethnic origin|ethnic origins|ethnicity|by ethnicity|racial origin|race of|their race|his race|her race|by race|african american|african-american|hispanic|latino|latina|latinx|is black|is white|is asian|black employee|skin colour|skin color|mixed race|mixed-race|biracial|roma|romani|gypsy|traveller community|ethnic background|ethnic-sounding|jewish-sounding|foreign-sounding|looks jewish|looks arab|looks hindu|looks asian|sounds foreign|origine de chacun|ethniques|noirs et arabes|origine immigrée|issu de l’immigration|issue de l’immigration|sans-papiers|nationality and ethnicity|national origin|undocumented|immigrant background|immigration status|indigenous|tribal|caste|dalit',
      ),
    ],
  },
  {
    type: 'SEXUAL_LIFE',
    rule: 'sexual-life',
    needs: 'person',
    except: new Set(['lettre de liaison', 'lettres de liaison', 'agent de liaison']),
    words: split(
      'lettre de liaison|agent de liaison|homosexuel|homosexuelle|homosexualité|gay|gays|lesbienne|bisexuel|bisexuelle|pansexuel|transgenre|transsexuel|transsexuelle|personne trans|est trans|femme trans|homme trans|orientation sexuelle|préférence sexuelle|vie sexuelle|vie intime|pratiques sexuelles|rapports sexuels|asexuel|asexuelle|non-binaire|transition de genre|changement de sexe|coming out|au placard|sort avec un homme|sort avec une femme|avec un homme|pour un homme|pour une femme|son mari ou sa femme|relation extraconjugale|adultère|maîtresse|amant|liaison|liaison avec|couche avec|trompe sa femme|trompe son mari|me trompe|libertin|prostituée|escort|sextape|photos intimes|préservatif|' +
        'homosexual|gay|lesbian|bisexual|pansexual|transgender|trans woman|trans man|as trans|is trans|is a trans|sexual orientation|sexuality|sex life|asexual|non-binary|nonbinary|gender transition|transitioning|gender reassignment|came out|coming out|closeted|not out at work|queer|having an affair|affair with|cheating on|cheats on|sleeping with|slept with|hooking up|mistress|sexual preference|sexual preferences|sexual history|one-night stand|same-sex|swinger|polyamorous|escort|sex worker|sex tape|nudes|intimate photos|va l’annoncer à nos parents|drague|flirte|relation avec|relation intime|rupture amoureuse|sa copine et sa femme|en couple avec|dating app|grindr|dating|flirting|romantic relationship|intimate relationship|love affair|cheated|pense être une fille|pense être un garçon|fille trans|garçon trans|changer de prénom et de genre|hormones|attiré par les hommes|attirée par les femmes|aime les hommes|aime les femmes|aime les garçons|infidèle|infidélité|polyamour|harcèlement sexuel|inceste|abusé sexuellement|abusée sexuellement|agression sexuelle|violée|pornographie|site porno|revenge porn|identifies as|they/them|deadname|attracted to men|attracted to women|likes boys|likes girls|unfaithful|infidelity|polyamory|sexually abused|sexual assault|sexually harassed|raped|was raped|onlyfans|kink|fetish',
    ),
  },
  {
    type: 'GENETIC_DATA',
    rule: 'genetics',
    needs: 'person',
    words: split(
      'brca1|brca2|mutation|mutation génétique|test génétique|test adn|test de paternité|père biologique|mère biologique|données génétiques|profil génétique|séquençage|séquence génomique|génome|génomique|variants|variants pathogènes|caryotype|porteur du gène|porteuse du gène|porteur sain|prédisposition génétique|adn|empreinte génétique|chorée de huntington|conseil génétique|maladie héréditaire|trisomique|' +
        'genetic test|genetic testing|genetic result|genetic mutation|genetic data|genome|genomic|exome|karyotype|carrier of the gene|carrier status|carries the gene|carries the mutation|gene mutation|genetic predisposition|genetic counselling|genetic counseling|dna profile|dna test|dna result|dna sample|paternity test|biological father|huntington’s|whole exome|genotype|variant call|variant calls|variant call file|pathogenic variant|pathogenic variants|vcf|23andme|ancestry dna|polygenic|half-brother|half-sister|génétique|génétiques|rapport génétique|translocation|chromosome|chromosomique|hérédité|porteuse|porteur de la mutation|dépistage prénatal|diagnostic préimplantatoire|filiation|genetic|genetics|genetic report|translocation|chromosome|chromosomal|prenatal screening|preimplantation|embryo report|her dna|his dna',
    ),
  },
  {
    type: 'BIOMETRIC_DATA',
    rule: 'biometrics',
    needs: 'person-or-company',
    words: split(
      'empreinte digitale|empreintes digitales|empreintes de|empreintes des|reconnaissance faciale|reconnaissance vocale des|données biométriques|gabarit biométrique|gabarits biométriques|gabarits faciaux|gabarit facial|empreinte vocale|empreintes vocales|scan de l’iris|iris scan|badge biométrique|lecteur biométrique|contour de la main|visages des|plongements de visages|' +
        'fingerprint template|fingerprint scan|fingerprint scans|fingerprints of|fingerprints|employee fingerprints|facial recognition|face recognition|face embedding|face embeddings|facial embeddings|face scans|facial scans|biometric|biometrics|biometric data|biometric template|voiceprint|voiceprints|voice print|retina scan|iris scan template|iris template|iris scan|iris scans|palm vein|palm print|gait recognition|faceprint|face template|face templates|biométrie|biométrique|biométriques|scan de la paume|scans de paume|veines de la main|reconnaissance d’iris|signature vocale|photos d’identité des|palm scan|palm scans|palm scans of|hand geometry|keystroke dynamics|mugshots|face id|photo of each|voice samples',
    ),
  },
  {
    type: 'CRIMINAL_RECORD',
    rule: 'criminal-record',
    needs: 'person',
    words: split(
      'casier judiciaire|casier|condamné|condamnée|condamnation|condamnations|condamné pour|condamnation pénale|avec sursis|garde à vue|mis en examen|mise en examen|contrôle judiciaire|liberté conditionnelle|libération conditionnelle|incarcéré|incarcérée|détention|détention provisoire|prison|en prison|sortie de prison|ancien détenu|récidiviste|récidive légale|plainte pour vol|plainte pour|porté plainte|mis en cause|interpellé|interpellée|arrêté pour|arrêtée pour|a été arrêté|a été arrêtée|trafic de stupéfiants|conduite en état d’ivresse|état d’ivresse|perdu son permis|permis retiré|retrait de permis|abus de confiance|escroquerie|fraude fiscale|détournement de fonds|a volé|vol de|agression|agressé|viol|violences conjugales|violences|homicide|bracelet électronique|antécédents judiciaires|extrait de casier|fijais|fiché s|fichier des auteurs|tribunal correctionnel|comparution|juge d’instruction|audition|interdiction d’approcher|éloignement|délinquant|délinquante|' +
        'criminal record|criminal history|criminal past|felony|felonies|felony conviction|conviction|convicted|convicted of|spent conviction|arrest record|arrested|arrested for|under arrest|indicted|pleaded guilty|plea deal|found guilty|accused of|charged with|suspended sentence|on parole|on probation for|probation officer|out on bail|on bail|bail|restraining order|served time|years in prison|in prison|in jail|prison|jail|jailed|incarcerated|dui|drunk driving|misdemeanor|misdemeanour|shoplifting|embezzlement|embezzled|fraud|assault|domestic violence|stole|theft|under investigation|police report|police interview|police caution|caution for|dbs check|ex-convict|ex-offender|sex offender|registered sex offender|background check|rap sheet|rap sheets|police record|warrant|drug trafficking|drug dealing|manslaughter|murder charge|poursuivi|poursuivi pour|poursuivie pour|recel|jugé pour|jugée pour|audience correctionnelle|peine de|vol de|voleur|voleuse|la police est|gendarmerie|gendarmes|dénonciation|infraction|contravention|amende pénale|harceleur|menaces de mort|séquestration|cambriolage|usurpation|stealing|caught stealing|stolen|la police est|sheriff|prosecuted|prosecution|sentenced|offence|offense|stalker|stalking|death threats|burglary|robbery|identity theft|juvenile record|court date|expunged|détourné|a détourné|escroc|malversation|malversations|faux et usage de faux|blanchiment|pot-de-vin|aveux|a avoué le vol|acquitté|acquittée|relaxé|relaxée|relaxe|non-lieu|inculpé|comparaît|comparaître|cour d’assises|peine de prison|travaux d’intérêt général|tig|amendes pénales|casier vierge|fichier taj|taj|interpol|mandat d’arrêt|cellule de dégrisement|plainte contre x|faut-il porter plainte|main courante|dépôt de plainte|harcèlement de rue|pédophile|pédocriminel|acquitted|mugshot|embezzling|money laundering|bribery|bribed|accomplice|confessed|community service|criminal charges|criminal case|criminal complaint|court-martial|house arrest|ankle monitor|halfway house|deported|deportation|detained|detention centre|vandalism|hit and run|perjury|forgery|forged|blackmail|blackmailed|extortion|tax evasion|insider trading|found guilty|juvie|wanted by',
    ),
  },
]
