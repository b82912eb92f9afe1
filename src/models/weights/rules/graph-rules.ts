import { forbid, unread, warn } from './rule.ts'

/** Keras, ONNX, TensorFlow, numpy: graphs and configurations that name code. */
export const GRAPH_RULES = {
  'keras-lambda': forbid(
    'critical',
    'discard',
    'A Lambda layer: Python code inside the configuration (CVE-2024-3660).',
    'Une couche Lambda : du code Python dans la configuration (CVE-2024-3660).',
  ),
  'keras-outside-module': forbid(
    'critical',
    'review',
    'The configuration names a module outside Keras, which loading imports (CVE-2025-1550).',
    'La configuration nomme un module hors de Keras, que le chargement importe (CVE-2025-1550).',
  ),
  'keras-function': forbid(
    'critical',
    'review',
    'The configuration calls a function of Keras that no layer needs (CVE-2025-8747).',
    "La configuration appelle une fonction de Keras dont aucune couche n'a besoin (CVE-2025-8747).",
  ),
  'keras-file-access': forbid(
    'high',
    'review',
    'A layer reads a file or an address when it is loaded.',
    'Une couche lit un fichier ou une adresse au chargement.',
  ),
  'keras-custom-object': forbid(
    'high',
    'review',
    'A class registered by code that does not come with Keras.',
    'Une classe enregistrée par du code qui ne vient pas avec Keras.',
  ),
  'hdf5-outside': forbid(
    'critical',
    'discard',
    'The HDF5 file refers to another file: an external link, external storage or a virtual data set (CVE-2026-1669).',
    'Le fichier HDF5 renvoie à un autre : lien externe, stockage externe ou jeu de données virtuel (CVE-2026-1669).',
  ),
  'hdf5-filter': forbid(
    'high',
    'review',
    'Numbers that only a filter from elsewhere can read: a native library must be loaded for it.',
    "Des nombres que seul un filtre venu d'ailleurs peut lire : il faut charger une bibliothèque native.",
  ),
  'hdf5-objects': forbid(
    'high',
    'convert',
    'An array of Python objects in HDF5: pickles, run when it is read.',
    "Un tableau d'objets Python en HDF5 : des pickles, exécutés à la lecture.",
  ),
  'hdf5-structure': unread(
    'medium',
    'convert',
    'The structure of the HDF5 file is damaged, or of a kind that this scanner does not read.',
    "La structure du fichier HDF5 est abîmée, ou d'une sorte que cet analyseur ne lit pas.",
  ),
  'onnx-external-escape': forbid(
    'critical',
    'discard',
    'External data lies outside the folder (CVE-2022-25882, CVE-2024-27318).',
    'Les données externes sont hors du dossier (CVE-2022-25882, CVE-2024-27318).',
  ),
  'onnx-external-missing': unread(
    'medium',
    'complete',
    'A file of external data is not there, or shorter than the model says.',
    "Un fichier de données externes n'est pas là, ou est plus court que ne dit le modèle.",
  ),
  'onnx-custom-operator': forbid(
    'high',
    'review',
    'An operator of a domain outside ONNX: a native library must be loaded for it.',
    "Un opérateur d'un domaine hors d'ONNX : il faut charger une bibliothèque native.",
  ),
  'onnx-vendor-operator': warn(
    'low',
    'know',
    'An operator that only one runtime knows.',
    "Un opérateur qu'un seul moteur connaît.",
  ),
  'onnx-python-operator': forbid(
    'critical',
    'discard',
    'An operator that runs Python.',
    'Un opérateur qui exécute du Python.',
  ),
  'protobuf-malformed': unread(
    'medium',
    'fetch-again',
    'The graph cannot be read to its end.',
    "Le graphe ne peut être lu jusqu'au bout.",
  ),
  'tensorflow-python': forbid(
    'critical',
    'discard',
    'The graph runs Python.',
    'Le graphe exécute du Python.',
  ),
  'tensorflow-file-access': forbid(
    'critical',
    'discard',
    'The graph reads or writes files, or opens connections.',
    'Le graphe lit ou écrit des fichiers, ou ouvre des connexions.',
  ),
  'tflite-custom-operator': forbid(
    'high',
    'review',
    'An operator for which a native library must be loaded.',
    'Un opérateur pour lequel il faut charger une bibliothèque native.',
  ),
  'tflite-malformed': unread(
    'medium',
    'fetch-again',
    'The TensorFlow Lite file cannot be read to its end.',
    "Le fichier TensorFlow Lite ne peut être lu jusqu'au bout.",
  ),
  'npy-header': forbid(
    'high',
    'discard',
    'The header of the array is not the three plain fields that numpy writes.',
    "L'en-tête du tableau n'est pas les trois champs simples qu'écrit numpy.",
  ),
  'npy-object': forbid(
    'high',
    'convert',
    'An array of Python objects: a pickle, run when it is loaded.',
    "Un tableau d'objets Python : un pickle, exécuté au chargement.",
  ),
  'npy-size': forbid(
    'medium',
    'discard',
    'The file is longer or shorter than the shape of the array says.',
    'Le fichier est plus long ou plus court que ne dit la forme du tableau.',
  ),
  'skops-type': forbid(
    'high',
    'review',
    'A type outside scikit-learn, numpy and scipy, or a function, in a skops file.',
    'Un type hors de scikit-learn, numpy et scipy, ou une fonction, dans un fichier skops.',
  ),
} as const
