import { forbid, unread, warn } from './rule.ts'

/** Pickle: a program for a small machine that imports and calls. */
export const PICKLE_RULES = {
  'pickle-dangerous-global': forbid(
    'critical',
    'discard',
    'The pickle imports something that runs commands or code, reads or writes files, or opens connections.',
    'Le pickle importe de quoi exécuter des commandes ou du code, lire ou écrire des fichiers, ou ouvrir des connexions.',
  ),
  'pickle-unknown-global': forbid(
    'high',
    'review',
    'The pickle imports something that is not on the list of what rebuilds tensors.',
    "Le pickle importe une chose qui n'est pas sur la liste de ce qui rebâtit des tenseurs.",
  ),
  'pickle-unresolved-global': forbid(
    'critical',
    'discard',
    'The pickle imports something whose name it computes.',
    'Le pickle importe une chose dont il calcule le nom.',
  ),
  'pickle-extension': forbid(
    'critical',
    'discard',
    'The pickle imports through the registry of extension codes, which hides the name.',
    "Le pickle importe par le registre des codes d'extension, qui cache le nom.",
  ),
  'pickle-computed-call': forbid(
    'critical',
    'discard',
    'The pickle calls what an earlier call returned.',
    "Le pickle appelle ce qu'un appel précédent a rendu.",
  ),
  'pickle-build': forbid(
    'critical',
    'discard',
    'The pickle changes the attributes of a function or class that it imported.',
    "Le pickle change les attributs d'une fonction ou d'une classe importée.",
  ),
  'pickle-argument': forbid(
    'high',
    'discard',
    'An allowed function is called with an argument that it is never called with.',
    "Une fonction permise est appelée avec un argument qu'elle ne reçoit jamais.",
  ),
  'pickle-set-item': forbid(
    'critical',
    'discard',
    'The pickle sets items on what is no dictionary: on tensors and storages that writes memory (CVE-2026-24747).',
    "Le pickle pose des éléments sur ce qui n'est pas un dictionnaire : sur des tenseurs, c'est écrire en mémoire (CVE-2026-24747).",
  ),
  'pickle-bomb': forbid(
    'high',
    'discard',
    'Loading the pickle takes far more processor time than its size explains, up to years: keys nested or chosen so that hashing them never ends, or values copied again and again.',
    "Charger le pickle prend bien plus de calcul que sa taille ne l'explique, jusqu'à des années : des clés imbriquées ou choisies pour que leur hachage n'en finisse pas, ou des valeurs recopiées sans cesse.",
  ),
  'pickle-cost': unread(
    'medium',
    'convert',
    'How long loading the pickle takes cannot be told: it has very many keys whose hashes a writer can choose.',
    "On ne peut dire combien de temps prend le chargement du pickle : il a énormément de clés dont l'auteur peut choisir le hachage.",
  ),
  'pickle-nested': warn(
    'medium',
    'review',
    'A pickle inside the data of a pickle; something else must load it.',
    'Un pickle dans les données d’un pickle ; autre chose doit le charger.',
  ),
  'pickle-nested-payload': forbid(
    'high',
    'discard',
    'A pickle hidden in the data of a pickle imports something dangerous or unknown.',
    "Un pickle caché dans les données d'un pickle importe une chose dangereuse ou inconnue.",
  ),
  'pickle-broken': unread(
    'medium',
    'fetch-again',
    'The pickle breaks off or holds an opcode that does not exist; what came before was judged.',
    "Le pickle s'interrompt ou contient une instruction qui n'existe pas ; ce qui précède a été jugé.",
  ),
  'pickle-underflow': unread(
    'medium',
    'discard',
    'The pickle takes more from its stack than it put there.',
    "Le pickle prend à sa pile plus qu'il n'y a mis.",
  ),
  'pickle-trailing': unread(
    'medium',
    'convert',
    'Bytes follow the pickle that are neither a pickle nor of a known layout.',
    'Des octets suivent le pickle, qui ne sont ni un pickle ni d’une disposition connue.',
  ),
  'pickle-persistent-id': warn(
    'low',
    'know',
    'The pickle refers to objects outside itself, outside of a PyTorch archive.',
    "Le pickle renvoie à des objets hors de lui, hors d'une archive PyTorch.",
  ),
  torchscript: forbid(
    'high',
    'convert',
    'A TorchScript archive: a program, compiled when it is loaded.',
    'Une archive TorchScript : un programme, compilé au chargement.',
  ),
} as const
