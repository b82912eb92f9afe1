import { forbid, unread, warn } from './rule.ts'

/** The structure of GGUF (ggml-org/ggml docs/gguf.md) and the mistakes that loaders were attacked by. */
export const GGUF_RULES = {
  'gguf-version': unread(
    'medium',
    'convert',
    'A version of GGUF other than 2 and 3, or the older GGML.',
    'Une version de GGUF autre que 2 et 3, ou le GGML ancien.',
  ),
  'gguf-truncated': forbid(
    'high',
    'fetch-again',
    'The file ends inside its own header.',
    'Le fichier finit dans son propre en-tête.',
  ),
  'gguf-count': forbid(
    'high',
    'discard',
    'More keys, tensors or list items than the file has room for, or than any model has.',
    "Plus de clés, de tenseurs ou d'éléments que le fichier n'en peut contenir, ou qu'aucun modèle n'en a.",
  ),
  'gguf-key': forbid(
    'medium',
    'discard',
    'A key that is empty, too long, or not in ASCII.',
    'Une clé vide, trop longue, ou qui n’est pas en ASCII.',
  ),
  'gguf-duplicate-key': forbid(
    'high',
    'discard',
    'A key occurs twice: two readers would see two models.',
    'Une clé figure deux fois : deux lecteurs verraient deux modèles.',
  ),
  'gguf-value-type': forbid(
    'high',
    'discard',
    'A value of a type that does not exist, or lists nested deeper than four.',
    'Une valeur d’un type qui n’existe pas, ou des listes emboîtées sur plus de quatre niveaux.',
  ),
  'gguf-value': forbid(
    'medium',
    'discard',
    'A value that its type does not allow: a boolean other than 0 and 1, a text that is not UTF-8 under a general key, or a list that is shorter than the vocabulary it speaks of.',
    'Une valeur que son type ne permet pas : un booléen autre que 0 et 1, un texte qui n’est pas de l’UTF-8 sous une clé générale, ou une liste plus courte que le vocabulaire dont elle parle.',
  ),
  'gguf-alignment': forbid(
    'high',
    'discard',
    'The alignment is no power of two that is at least 8, or an offset is no multiple of it.',
    "L'alignement n'est pas une puissance de deux d'au moins 8, ou une position n'en est pas un multiple.",
  ),
  'gguf-tensor-name': forbid(
    'medium',
    'discard',
    'A tensor whose name is empty, longer than 64 bytes, or not UTF-8.',
    'Un tenseur dont le nom est vide, long de plus de 64 octets, ou pas en UTF-8.',
  ),
  'gguf-duplicate-tensor': forbid(
    'high',
    'discard',
    'A tensor occurs twice.',
    'Un tenseur figure deux fois.',
  ),
  'gguf-dimensions': forbid(
    'critical',
    'discard',
    'A tensor of more than four dimensions, of a dimension of zero, or of a size that overflows.',
    'Un tenseur de plus de quatre dimensions, d’une dimension nulle, ou d’une taille qui déborde.',
  ),
  'gguf-tensor-type': unread(
    'medium',
    'convert',
    'A type of tensor that this scanner does not know: its size cannot be checked.',
    'Un type de tenseur que cet analyseur ne connaît pas : sa taille ne peut être vérifiée.',
  ),
  'gguf-block': forbid(
    'high',
    'discard',
    'The rows of a tensor are no multiple of the block of its type.',
    'Les lignes d’un tenseur ne sont pas un multiple du bloc de son type.',
  ),
  'gguf-extent': forbid(
    'critical',
    'discard',
    'A tensor reaches beyond the end of the file: a loader that trusts it reads the memory of the server (CVE-2026-7482).',
    'Un tenseur dépasse la fin du fichier : un chargeur qui le croit lit la mémoire du serveur (CVE-2026-7482).',
  ),
  'gguf-overlap': forbid(
    'critical',
    'discard',
    'Two tensors share bytes.',
    'Deux tenseurs partagent des octets.',
  ),
  'gguf-hidden-data': forbid(
    'high',
    'discard',
    'Bytes that belong to no tensor, and are no padding.',
    'Des octets qui ne sont à aucun tenseur, et ne sont pas un bourrage.',
  ),
  'gguf-trailing': forbid(
    'high',
    'discard',
    'Bytes after the last tensor.',
    'Des octets après le dernier tenseur.',
  ),
  'gguf-big-endian': warn(
    'low',
    'convert',
    'Written for big-endian machines; most engines refuse it.',
    'Écrit pour des machines gros-boutistes ; la plupart des moteurs le refusent.',
  ),
} as const
