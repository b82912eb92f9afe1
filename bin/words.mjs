/** The person's language, from the usual variables in the usual order: 'fr' or 'en'. */
export function languageOf(env) {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return locale.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}

const WORDS = {
  en: {
    installRuntime: 'Installing what Écluse needs to run (once, about 370 MB)',
    installAll: 'Installing what Écluse needs to run and to be tested (once, about 480 MB)',
    installDone: (seconds) => `Installed in ${seconds} s.`,
    installWaits: (pid) => `Another start (process ${pid}) is installing; waiting for it.`,
    installStuck: 'Another start has been installing for too long.',
    installStuckHelp: (path) => `If no other start is running, remove ${path} and try again.`,
    npmMissing: 'npm was not found, and the dependencies are not installed yet.',
    npmMissingHelp: 'Install npm (it comes with Node), or run `npm ci --omit=dev` in this folder.',
    network: 'The package registry could not be reached.',
    networkHelp: 'Check the network or the proxy (`npm config get registry`), then start again.',
    disk: 'The disk is full.',
    diskHelp: 'Free about 500 MB in this folder, then start again.',
    permission: 'This folder cannot be written.',
    permissionHelp: (path) => `Give yourself the right to write in ${path}, then start again.`,
    tooSlow: (minutes) => `The installation took more than ${minutes} minutes and was stopped.`,
    interrupted: 'The installation was interrupted; the next start begins it again.',
    npmFailed: 'npm could not install the dependencies. Its last words:',
    npmFailedHelp: 'Run `npm ci --omit=dev` in this folder to see everything it says.',
    nodeMissing: (have) => `Node 24.15 or newer is needed to run; this is ${have}.`,
    nodeMissingHelp:
      'No packaged Node 24 exists for this system. Install it from nodejs.org, or with nvm, fnm, Homebrew or winget, then start again.',
    nodeOmitted:
      'The packaged Node 24 is not installed here: reinstall without `--omit=optional`, or install Node 24 from nodejs.org, or with nvm, fnm, Homebrew or winget.',
    programMissing: 'The program is not here: this copy is incomplete.',
    programMissingHelp: 'Clone or install it again.',
  },
  fr: {
    installRuntime: 'Installation de ce dont Écluse a besoin (une seule fois, environ 370 Mo)',
    installAll:
      'Installation de ce dont Écluse a besoin pour fonctionner et être testée (une seule fois, environ 480 Mo)',
    installDone: (seconds) => `Installé en ${seconds} s.`,
    installWaits: (pid) =>
      `Un autre démarrage (processus ${pid}) installe les dépendances ; on l’attend.`,
    installStuck: 'Un autre démarrage installe les dépendances depuis trop longtemps.',
    installStuckHelp: (path) =>
      `Si aucun autre démarrage n’est en cours, supprimez ${path} et recommencez.`,
    npmMissing: 'npm est introuvable et les dépendances ne sont pas encore installées.',
    npmMissingHelp:
      'Installez npm (il vient avec Node), ou lancez `npm ci --omit=dev` dans ce dossier.',
    network: 'Le registre de paquets est injoignable.',
    networkHelp: 'Vérifiez le réseau ou le proxy (`npm config get registry`), puis recommencez.',
    disk: 'Le disque est plein.',
    diskHelp: 'Libérez environ 500 Mo dans ce dossier, puis recommencez.',
    permission: 'On ne peut pas écrire dans ce dossier.',
    permissionHelp: (path) => `Donnez-vous le droit d’écrire dans ${path}, puis recommencez.`,
    tooSlow: (minutes) => `L’installation a duré plus de ${minutes} minutes et a été arrêtée.`,
    interrupted: 'L’installation a été interrompue ; le prochain démarrage la recommencera.',
    npmFailed: 'npm n’a pas pu installer les dépendances. Ses derniers mots :',
    npmFailedHelp: 'Lancez `npm ci --omit=dev` dans ce dossier pour tout voir.',
    nodeMissing: (have) => `Il faut Node 24.15 ou plus récent ; ceci est ${have}.`,
    nodeMissingHelp:
      'Aucun Node 24 empaqueté n’existe pour ce système. Installez-le depuis nodejs.org, ou avec nvm, fnm, Homebrew ou winget, puis recommencez.',
    nodeOmitted:
      'Le Node 24 empaqueté n’est pas installé ici : réinstallez sans `--omit=optional`, ou installez Node 24 depuis nodejs.org, ou avec nvm, fnm, Homebrew ou winget.',
    programMissing: 'Le programme n’est pas là : cette copie est incomplète.',
    programMissingHelp: 'Clonez-la ou installez-la de nouveau.',
  },
}

/** Everything the launcher can say, in the person's language. */
export const words = WORDS[languageOf(process.env)]
