import { forbid, unread, warn } from './rule.ts'

/** Chat templates: programs in Jinja that some engines run without a sandbox. */
export const TEMPLATE_RULES = {
  'template-unreadable': unread(
    'high',
    'template',
    'The template does not parse as Jinja, or is longer than any template: nothing can be said of it.',
    "Le gabarit ne se lit pas comme du Jinja, ou est plus long qu'aucun gabarit : rien ne peut en être dit.",
  ),
  'template-dunder': forbid(
    'critical',
    'discard',
    'A name with two underscores on each side: the way out of the sandbox (CVE-2024-34359, CVE-2026-5760).',
    'Un nom entre doubles tirets bas : la sortie du bac à sable (CVE-2024-34359, CVE-2026-5760).',
  ),
  'template-attribute-walk': forbid(
    'critical',
    'discard',
    'The template walks to the inner attributes of Python objects.',
    'Le gabarit marche vers les attributs internes des objets Python.',
  ),
  'template-builtin': forbid(
    'critical',
    'discard',
    'The template calls a function that runs code, reads files or imports.',
    'Le gabarit appelle une fonction qui exécute du code, lit des fichiers ou importe.',
  ),
  'template-include': forbid(
    'high',
    'discard',
    'The template brings in other files.',
    "Le gabarit fait entrer d'autres fichiers.",
  ),
  'template-hidden-text': forbid(
    'high',
    'discard',
    'Text written in escapes, invisible characters, or put together from pieces to be used as a name.',
    'Du texte écrit en échappements, en caractères invisibles, ou assemblé pour servir de nom.',
  ),
  'template-bomb': forbid(
    'medium',
    'discard',
    'The template takes millions of turns, or a power of a number: whoever renders it is kept busy, or runs out of memory.',
    'Le gabarit fait des millions de tours, ou élève à une puissance : qui le rend est tenu occupé, ou à court de mémoire.',
  ),
  'template-date-trigger': forbid(
    'high',
    'template',
    'What the model is told depends on the date.',
    'Ce qui est dit au modèle dépend de la date.',
  ),
  'template-content-trigger': forbid(
    'high',
    'template',
    'The template adds instructions when the conversation holds certain words.',
    'Le gabarit ajoute des consignes quand la conversation contient certains mots.',
  ),
  'template-content-condition': warn(
    'low',
    'template',
    'The template looks for certain words in the conversation.',
    'Le gabarit cherche certains mots dans la conversation.',
  ),
  'template-address': warn(
    'medium',
    'template',
    'The template writes an address of the web into the conversation.',
    'Le gabarit écrit une adresse du web dans la conversation.',
  ),
  'template-drift': forbid(
    'high',
    'template',
    "The template differs from the base model's.",
    'Le gabarit diffère de celui du modèle de base.',
  ),
  'template-disagrees': warn(
    'medium',
    'template',
    'Two files of the folder carry different templates: what one engine says another does not.',
    "Deux fichiers du dossier portent des gabarits différents : ce qu'un moteur dit, un autre ne le dit pas.",
  ),
  'template-no-base': unread(
    'medium',
    'complete',
    'No template was found in the base model to compare with.',
    "Aucun gabarit n'a été trouvé dans le modèle de base auquel comparer.",
  ),
} as const
