import type { Language } from '#kernel/refusal-messages.ts'

/** Comments of the configuration that `ecluse init` writes. */
export interface InitialWords {
  readonly head: readonly string[]
  readonly listen: string
  readonly hosts: string
  readonly tls: string
  readonly proxies: string
  readonly profile: string
  readonly floor: string
  readonly jurisdictions: string
  readonly discover: string
  readonly destinations: readonly string[]
  readonly found: string
  readonly listed: string
  readonly raise: string
  readonly nameModels: string
  readonly example: string
  readonly engine: string
  readonly threads: string
  readonly limits: string
  readonly retries: readonly string[]
  readonly hedge: string
  readonly places: string
  readonly policy: readonly string[]
  readonly classes: string
  readonly log: string
  readonly telemetry: readonly string[]
  /** Retention in days, and whether inputs train models, of a vendor. */
  terms(days: number | null, trains: boolean | null): string
}

export const INITIAL_WORDS: Readonly<Record<Language, InitialWords>> = {
  en: {
    head: [
      'Configuration of Écluse. Everything below is what an empty file means:',
      'change a line, or remove it to keep the default. Flags and variables (ECLUSE_LISTEN) win over this file.',
    ],
    listen: 'Address and port. Beyond this machine, tls or trusted_proxies is needed.',
    hosts: 'Host names it answers for, besides the address above.',
    tls: 'PEM files, counted from the folder of this file.',
    proxies: 'Proxies in front that encrypt: addresses or blocks.',
    profile: 'strict-eu: a text in which nothing was found counts as internal.',
    floor:
      'Class of a text in which nothing was found: public, internal, confidential, restricted.',
    jurisdictions: 'Where internal texts may go on a managed platform: countries, EU or EEA.',
    discover: 'Look for model servers on local ports, and for vendor keys in the environment.',
    destinations: [
      'Places models run. zone: device (this machine), on-prem (your own), managed, api.',
      'key is never written here: "${env:NAME}" or "${file:path}". Remove the # of a row to use it.',
    ],
    found: 'Found on this machine.',
    listed: 'Its key was found in the environment; nothing was sent.',
    raise: 'Raise it when you trust what runs there.',
    nameModels: 'Write the models you use.',
    example: 'An example.',
    engine: 'The embedded engine.',
    threads: 'Chosen by the engine when absent.',
    limits: 'Bytes and nesting of a request; time that open answers get when the gateway stops.',
    retries: [
      'Times that one request is sent in all, and how many of a hundred may be repeated at the same destination.',
    ],
    hedge: 'Asks a second destination of the verdict when the first is late; streams never.',
    places: 'Requests at the same time, and those that may wait.',
    policy: [
      'A request must satisfy every rule that names its class; a class that no rule names goes nowhere outside.',
      'configured: the jurisdictions above.',
    ],
    classes: 'What findings mean, where it is not as in docs/classes.md.',
    log: 'silent, error, warn, info, debug.',
    telemetry: [
      '/metrics answers keys with the scope audit, and this key. Traces and metrics leave for a collector',
      'of yours when one is named (otlp_headers for its credentials); otherwise nothing does.',
    ],
    terms: (days, trains) =>
      `Keeps texts ${days === null ? 'for an unknown time' : `${days} days`} by default; ` +
      `trains on them: ${trains === null ? 'unknown' : trains ? 'yes' : 'no'}. Check your contract.`,
  },
  fr: {
    head: [
      "Configuration d'Écluse. Tout ce qui suit est ce que vaut un fichier vide :",
      "changez une ligne, ou retirez-la pour garder la valeur par défaut. Options et variables (ECLUSE_LISTEN) l'emportent.",
    ],
    listen: 'Adresse et port. Au-delà de cette machine, il faut tls ou trusted_proxies.',
    hosts: "Noms d'hôte pour lesquels elle répond, outre l'adresse ci-dessus.",
    tls: 'Fichiers PEM, comptés depuis le dossier de ce fichier.',
    proxies: 'Mandataires placés devant, qui chiffrent : adresses ou blocs.',
    profile: "strict-eu : un texte où rien n'a été trouvé compte comme internal.",
    floor: "Classe d'un texte où rien n'a été trouvé : public, internal, confidential, restricted.",
    jurisdictions:
      'Où les textes internes peuvent aller sur une plateforme gérée : pays, EU ou EEA.',
    discover:
      "Chercher les serveurs de modèles sur les ports locaux, et les clés de fournisseurs dans l'environnement.",
    destinations: [
      'Lieux où tournent les modèles. zone : device (cette machine), on-prem (chez vous), managed, api.',
      'key ne s\'écrit jamais ici : "${env:NOM}" ou "${file:chemin}". Retirez le # d\'une ligne pour l\'employer.',
    ],
    found: 'Trouvé sur cette machine.',
    listed: "Sa clé a été trouvée dans l'environnement ; rien n'a été envoyé.",
    raise: 'Montez-la quand vous faites confiance à ce qui tourne là.',
    nameModels: 'Écrivez les modèles que vous employez.',
    example: 'Un exemple.',
    engine: 'Le moteur embarqué.',
    threads: 'Choisi par le moteur en son absence.',
    limits:
      "Octets et imbrication d'une requête ; temps laissé aux réponses ouvertes quand la passerelle s'arrête.",
    retries: [
      "Nombre d'envois d'une requête en tout, et combien sur cent peuvent être répétés à la même destination.",
    ],
    hedge:
      'Interroge une deuxième destination du verdict quand la première tarde ; jamais pour les flux.',
    places: 'Requêtes en même temps, et celles qui peuvent attendre.',
    policy: [
      "Une requête doit satisfaire chaque règle qui nomme sa classe ; une classe qu'aucune règle ne nomme ne sort pas.",
      'configured : les juridictions ci-dessus.',
    ],
    classes: 'Ce que veulent dire les constats, là où ce n’est pas comme dans docs/classes.md.',
    log: 'silent, error, warn, info, debug.',
    telemetry: [
      '/metrics répond aux clés de portée audit, et à cette clé. Traces et mesures partent vers un collecteur',
      'à vous quand il est nommé (otlp_headers pour ses identifiants) ; sinon rien ne part.',
    ],
    terms: (days, trains) =>
      `Garde les textes ${days === null ? 'un temps inconnu' : `${days} jours`} par défaut ; ` +
      `s'en sert pour l'apprentissage : ${trains === null ? 'inconnu' : trains ? 'oui' : 'non'}. Vérifiez votre contrat.`,
  },
}
