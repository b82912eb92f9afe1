/** Words of the language that decide whether capitals are a name, French, English and German; accents and case are folded. */
export const NAME_WORDS: readonly (readonly [
  'BREAK' | 'TITLE' | 'ORGANISATION' | 'SITE' | 'TRADE' | 'VERB' | 'BEFORE',
  string,
])[] = [
  // articles, pronouns, conjunctions, prepositions, adverbs and auxiliaries that begin sentences
  [
    'BREAK',
    "the a an this that these those there here and but or nor for from with without within into onto upon over under after before during since until while when where why how what which who whom whose if then than as at by in on of to it its he she they we you i his her their our your my me him us them is are was were be been being has have had do does did would shall should can could might must not no yes so such some any all both each every either neither other another many much more most few several one two three four five six seven eight nine ten first second third last next also just only even still yet ever never always often again once about above across against along among around because between beyond despite except however instead like near off out per plus through thus toward towards unlike via whether although though later earlier meanwhile afterwards eventually finally currently recently originally initially formerly previously according additionally furthermore moreover nevertheless indeed perhaps maybe instead please thanks thank dear hello hi hey let let's don't doesn't isn't it's i'm we're they're he's she's that's what's there's",
  ],
  [
    'BREAK',
    "le la les l un une des du de d au aux ce cet cette ces cela ceci ca c et ou mais donc or ni car si que qui quoi dont lequel laquelle quand comme comment pourquoi combien il elle ils elles on nous vous je j tu moi toi lui leur leurs son sa ses mon ma mes ton ta tes notre nos votre vos y en dans par pour sur sous avec sans chez vers entre depuis pendant avant apres contre selon malgre parmi est sont etait etaient sera seront fut furent a ont avait avaient aura ai as avons avez suis es sommes etes plus moins tres trop peu assez bien mal tout toute tous toutes aucun aucune chaque plusieurs quelques certains certaines autre autres meme memes ici la-bas alors ainsi puis ensuite enfin deja encore toujours jamais souvent aussi n ne pas non oui voici voila merci bonjour bonsoir salut cher chere chers objet cordialement ceux celui celle c'est qu'il qu'elle j'ai n'est d'un d'une s'il premier premiere deux trois quatre cinq six sept huit neuf dix suite fin note attention exemple question reponse reponses",
  ],
  [
    'BREAK',
    'der die das den dem des ein eine einer eines einem einen und oder aber auch nicht nur noch schon wenn weil dass als wie wo wer was wir ihr sie er es ich du mein dein sein unser euer im am zum zur vom beim mit ohne fur gegen durch um bei nach vor seit bis aus auf an in uber unter zwischen neben ist sind war waren wird werden wurde hat haben hatte kann muss soll so dann da hier dort herr frau nun doch',
  ],
  [
    'BREAK',
    'apt suite unit floor flat bp cs cedex january february march april june july august september october november december feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche januar februar marz juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag spring summer autumn winter christmas easter noel paques today tomorrow yesterday am pm bc ad ce',
  ],
  [
    'BREAK',
    'english french german spanish italian portuguese dutch russian chinese japanese korean arabic latin greek american british european african asian indian canadian australian irish scottish welsh polish swedish norwegian danish finnish turkish jewish christian muslim catholic protestant roman francais francaise francaises anglais anglaise allemand allemande allemands espagnol espagnole italien italienne portugais russe russes chinois japonais arabe americain americaine europeen europeenne africain belge suisse grec turc serbe bulgare autrichien autrichienne deutsch deutsche deutschen',
  ],
  [
    'BREAK',
    'api sdk cli http https url uri json xml sql html css id pdf csv cpu gpu ram usb tv dvd cd dna rna usa uk eu un nato nasa fbi cia bbc cnn nbc cbs abc mtv react vue angular node npm git github linux windows android ios mac python java javascript typescript docker kubernetes code error warning info debug test tests type types class function const var null true false undefined none component components hook hooks state props event events server client app apps web page pages file files user users admin data model models version update new old key value name names title table index list map set get post put delete true promise string number boolean object array date time view form button input output sonnet opus haiku instruct llama mistral gemini claude gpt chat ai ml llm beta alpha pro max mini nano ultra',
  ],
  [
    'BREAK',
    'act bill law part chapter section article volume page figure table appendix war battle treaty cup open final semifinal series season episode album song single film movie game games show tour festival award awards book novel play theorem law effect syndrome disease edition brazilian mexican egyptian israeli palestinian iranian iraqi ukrainian hungarian romanian czech swiss austrian belgian serbian croatian cuban colombian argentine chilean peruvian vietnamese thai indonesian filipino pakistani nigerian ghanaian kenyan moroccan algerian tunisian senegalese european western catholic baptist mio mrd tage north south east west northern southern eastern western central upper lower great greater big little big god bible army navy force forces police government ministry department congress senate parliament commons council court supreme federal national international royal united states state republic kingdom empire union party democratic republican liberal conservative labour communist socialist internet web site online street avenue economy sport news culture politics politique societe economie',
  ],
  [
    'BREAK',
    'nord sud est ouest chambre assemblee senat gouvernement ministere republique etat etats empire royaume armee marine guerre bataille traite loi code partie chapitre section article annexe tome page hier demain aujourd hui matin soir midi heures journal feuilleton annonces theatre cinema concert programme spectacle bourse marche commune communes canton arrondissement departement region conseil mairie prefecture tribunal cour police gare poste union parti ligue syndicat comite commission usine chapitre tarif prix total',
  ],
  [
    'TITLE',
    'mr mrs ms miss mister sir madam lord lady dame dr doctor prof professor rev reverend father brother sister pastor bishop archbishop cardinal pope rabbi imam king queen prince princess duke duchess count countess baron baroness earl emperor president vice-president premier chancellor senator sen congressman congresswoman governor gov mayor minister secretary ambassador judge justice attorney sheriff officer detective inspector agent captain capt commander cmdr colonel col general gen lieutenant lt maj sergeant sgt corporal admiral marshal coach singer guitarist drummer actor actress author writer poet director producer composer artist painter architect philosopher historian scientist engineer journalist economist psychologist mathematician physicist chemist biologist spokesman spokeswoman manager chairman founder uncle aunt aunty patient employee tenant client',
  ],
  [
    'TITLE',
    'mme mmes mlle mlles pr monsieur madame mademoiselle messieurs mesdames maitre docteur professeur abbe pere mere frere soeur cure vicaire eveque archeveque cardinal pape rabbin roi reine prince princesse duc duchesse comte comtesse vicomte vicomtesse marquis marquise baron baronne chevalier empereur president presidente vice-president depute deputee senateur senatrice maire adjoint conseiller conseillere prefet sous-prefet ministre secretaire ambassadeur ambassadrice consul juge procureur avocat avocate notaire huissier commissaire inspecteur inspectrice brigadier gendarme agent capitaine commandant colonel general lieutenant sous-lieutenant major sergent caporal adjudant soldat matelot amiral marechal quartier-maitre citoyen citoyenne camarade compagnon docteurs instituteur institutrice directeur directrice ingenieur architecte peintre poete ecrivain auteur acteur actrice chanteur chanteuse musicien compositeur journaliste historien philosophe veuve veuf nee nomme nommee prenomme dit dite sieur alias oncle tante cousin cousine patient patiente salarie salariee collegue client cliente locataire titulaire',
  ],
  ['TITLE', 'herr frau fraulein doktor professor kommandant minister kanzler prasident'],
  [
    'ORGANISATION',
    'inc ltd llc llp plc corp corporation co company gmbh ag kg se sa sas sasu sarl snc sci eurl bv nv spa srl oy ab group groupe holding holdings industries fils associates partners university universite universitat college school ecole lycee academy academie institute institut hospital hopital clinic clinique foundation fondation association society societe club fc afc cf league ligue team band orchestra choir museum musee library gallery theatre theater bank banque press records studios studio pictures films entertainment productions publications publishing magazine newspaper times post herald tribune gazette journal radio television airlines airways motors systems technologies software services solutions consulting airport station church cathedral abbey temple mosque synagogue committee commission agency bureau office center centre union party parti federation confederation corps media gym rink railway railways fleet baseball football basketball hockey rugby soccer racing motorsport connector squad crew battery airport theatre festival network channel broadcasting communications telecom pharmaceuticals laboratories labs energy electric petroleum insurance capital partners ventures restaurant cafe bar pub brewery winery clinic centre tv fm am online express cooperative council tribunal chamber executive officer staff reservoir corps regiment division brigade battalion squadron verein partei',
  ],
  [
    'ORGANISATION',
    'award awards prize medal trophy cup championship championships theorem conjecture equation effect law syndrome disease algorithm method constant number test scale hypothesis principle day night square line prix coupe trophee algorithme theoreme loi maladie methode',
  ],
  [
    'TRADE',
    'societe compagnie banque federation association groupe clinique hopital boulangerie patisserie boucherie charcuterie epicerie pharmacie garage cabinet restaurant brasserie librairie imprimerie menuiserie plomberie electricite transports assurances mutuelle laboratoire laboratoires etablissements ets entreprise agence etude ecurie domaine chateau cooperative fromagerie fleuriste coiffure auberge camping ehpad creche ecole lycee college universite',
  ],
  [
    'SITE',
    'saint via calle rua ulica ul avda avenida camino plaza piazza viale corso largo travessa paseo box postbox postfach streets apt suite unit sainte st ste salle room street road rd avenue ave lane ln drive dr boulevard blvd court way place square terrace crescent gardens parkway highway bridge river lake mount mountain mountains hill hills valley island islands isle bay beach cape coast creek falls forest park castle house palace tower hall hotel inn manor ranch county city town village township district province borough parish port harbour harbor fort canyon desert ocean sea gulf peninsula stadium arena field ground rue chemin allee impasse quai cours route faubourg place pont fleuve riviere lac mont montagne vallee ile iles baie plage cap cote foret chateau palais tour hotel stade cite quartier hameau villa square strasse platz weg allee brucke insel berg tal see fluss',
  ],
  [
    'BEFORE',
    'by said says told asked named called nicknamed starring featuring feat vs versus née nee dixit signed son daughter wife husband mother father brother sister friend boyfriend girlfriend uncle aunt cousin nephew niece grandfather grandmother par appele appelee signe fils fille epouse femme mari pere mere frere soeur ami amie neveu niece oncle tante citoyen citoyenne camarade dame contre dear cher chere hi hello hey bonjour bonsoir salut thanks merci',
  ],
  [
    'VERB',
    'said says say tells told asked asks replied answered wrote writes thinks thought believes believed knows knew wants wanted loves loved married marries died dies born returned returns joined joins left leaves moved lives lived worked works played plays sang sings starred appeared recorded released studied graduated taught won wins lost defeated fought scored kicked coached served retired resigned became becomes began begins grew met meets goes went comes came gets got gave gives took takes made makes found finds saw sees felt feels tried tries decided decides discovers discovered reveals revealed admitted admits agreed refused learned realised realized realizes continued continues argued argues explained explains described describes suggested suggests claimed claims stated states noted notes added adds called calls calling asking laughed smiled cried screamed whispered nodded looked looks turned turns walked walks ran runs sat stood stands kept keeps who whose himself herself',
  ],
  [
    'VERB',
    'dit repondit demanda ajouta declara declare repond demande ajoute explique expliqua pense pensait croit croyait sait savait veut voulait aime aimait mourut meurt naquit revint revient partit part arriva arrive entra entre sortit sort vint vient alla va prit prend donna donne fit fait vit voit regarda regarde sourit pleura cria murmura reprit poursuivit continua habitait habite travaille travaillait joue joua ecrit ecrivit chante chanta epousa epouse lui-meme elle-meme presente remercie souhaite signe accepte refuse demeurant domicilie domiciliee age agee ne nee',
  ],
]
