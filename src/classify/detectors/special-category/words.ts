import type { Topic } from '../../meaning/find-topics.ts'

const split = (list: string): readonly string[] => list.split('|').map((word) => word.trim())

/** Words of articles 9 and 10 of Regulation (EU) 2016/679 in everyday French and English. */
export const SPECIAL_TOPICS: readonly Topic[] = [
  {
    type: 'RELIGION',
    rule: 'religion',
    needs: 'person',
    words: split(
      'musulman|musulmane|juif|juive|catholique|protestant|protestante|bouddhiste|hindou|hindoue|témoin de jéhovah|témoins de jéhovah|évangélique|athée|pratiquant|pratiquante|ramadan|converti à l’islam|convertie à l’islam|conviction religieuse|convictions religieuses|confession religieuse|appartenance religieuse|croyances religieuses|religion|porte le voile|kippa|' +
        'muslim|jewish|catholic|buddhist|hindu|jehovah’s witness|evangelical|atheist|sikh|mormon|religious belief|religious beliefs|converted to islam|hijab|practising christian|religious affiliation|observes ramadan',
    ),
  },
  {
    type: 'UNION_MEMBERSHIP',
    rule: 'union',
    needs: 'person',
    words: split(
      'syndiqué|syndiquée|adhérent cgt|adhérente cgt|délégué syndical|déléguée syndicale|délégués syndicaux|adhérents syndicaux|adhérent syndical|appartenance syndicale|cgt|cfdt|force ouvrière|sud solidaires|cfe-cgc|cftc|unsa|carte syndicale|cotisation syndicale|activités syndicales|activité syndicale|mandat syndical|syndicaliste|syndicat|élu cgt|élue cgt|' +
        'union member|union membership|trade union|trade unionist|shop steward|union rep|union representative|unionised|unionized|union dues|union organiser|union organizer|labor union|labour union|union activity|union card',
    ),
  },
  {
    type: 'POLITICAL_OPINION',
    rule: 'politics',
    needs: 'person',
    words: split(
      'opinions politiques|opinion politique|orientation politique|militant politique|militant socialiste|militante|encarté|encartée|vote rn|vote lfi|vote pour le rn|vote front national|électeur du rn|carte du parti|adhérent du parti|adhérente du parti|parti socialiste|extrême droite|extrême gauche|communiste|royaliste|sympathisant|sympathisante|engagement politique|convictions politiques|tendance politique|' +
        'political opinion|political opinions|political views|political affiliation|votes labour|votes republican|votes democrat|voted for trump|party member|card-carrying|far-right|far-left|republican voter|conservative voter|political leaning|political leanings|political beliefs|political donations|votes tory|votes conservative|communist',
    ),
  },
  {
    type: 'ETHNIC_ORIGIN',
    rule: 'ethnic-origin',
    needs: 'person',
    words: split(
      'origine ethnique|origines ethniques|origine raciale|origine maghrébine|d’origine algérienne|d’origine marocaine|d’origine africaine|d’origine turque|d’origine étrangère|maghrébin|maghrébine|arabe|rom|tsigane|gitan|gitane|couleur de peau|métis|métisse|race|ethnie|prénom à consonance étrangère|consonance étrangère|d’origine juive|afro-descendant|' +
        'ethnic origin|ethnicity|racial origin|of african descent|of arab descent|african american|african-american|hispanic|latino|latina|skin colour|skin color|mixed race|mixed-race|roma background|romani|ethnic background|ethnic-sounding|of indian descent|of chinese descent',
    ),
  },
  {
    type: 'SEXUAL_LIFE',
    rule: 'sexual-life',
    needs: 'person',
    words: split(
      'homosexuel|homosexuelle|homosexualité|gay|lesbienne|bisexuel|bisexuelle|transgenre|transsexuel|transsexuelle|personne trans|orientation sexuelle|vie sexuelle|pratiques sexuelles|asexuel|non-binaire|transition de genre|coming out|relation extraconjugale|liaison avec|' +
        'homosexual|lesbian|bisexual|transgender|trans woman|trans man|sexual orientation|sex life|asexual|non-binary|gender transition|came out|closeted|queer|having an affair|sexual preference|sexual preferences|same-sex',
    ),
  },
  {
    type: 'GENETIC_DATA',
    rule: 'genetics',
    needs: 'person',
    words: split(
      'brca1|brca2|mutation génétique|test génétique|données génétiques|profil génétique|séquençage|génome|caryotype|porteur du gène|porteuse du gène|prédisposition génétique|adn|empreinte génétique|chorée de huntington|' +
        'genetic test|genetic mutation|genetic data|genome|karyotype|carrier of the gene|gene mutation|genetic predisposition|dna profile|dna test|dna sample|huntington’s|whole exome|genotype|variant calls|23andme',
    ),
  },
  {
    type: 'BIOMETRIC_DATA',
    rule: 'biometrics',
    needs: 'person-or-company',
    words: split(
      'empreinte digitale|empreintes digitales|reconnaissance faciale|données biométriques|gabarit biométrique|gabarits biométriques|empreinte vocale|scan de l’iris|iris scan|badge biométrique|lecteur biométrique|' +
        'fingerprint template|fingerprint scan|fingerprint scans|fingerprints of|employee fingerprints|facial recognition|face recognition|face embedding|face embeddings|facial embeddings|biometric|biometric data|biometric template|voiceprint|voice print|retina scan|faceprint|face template',
    ),
  },
  {
    type: 'CRIMINAL_RECORD',
    rule: 'criminal-record',
    needs: 'person',
    words: split(
      'casier judiciaire|condamné|condamnée|condamnation|condamné pour|condamnation pénale|garde à vue|mis en examen|mise en examen|incarcéré|incarcérée|détention|prison|sortie de prison|ancien détenu|récidiviste|plainte pour vol|mis en cause|violences conjugales|bracelet électronique|antécédents judiciaires|extrait de casier|fichier des auteurs|délinquant|' +
        'criminal record|felony|felony conviction|conviction|convicted|convicted of|arrested|arrested for|indicted|on parole|probation officer|served time|jail|incarcerated|dui|misdemeanor|misdemeanour|ex-convict|sex offender|background check|rap sheet|police record|charged with',
    ),
  },
]
