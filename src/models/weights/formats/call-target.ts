import type { Scan } from '../scan.ts'

/**
 * Packages whose classes configurations name to be made, as Hydra does it (`_target_`). Of their functions none is
 * called, and no module that they import is reached through them (CVE-2025-23304: NeMo, Uni2TS, FlexTok).
 */
const MAKES_CLASSES =
  /^(?:nemo|nemo_text_processing|torch\.nn|torch\.optim|torch\.utils\.data|pytorch_lightning|lightning|transformers|diffusers|timm|uni2ts)(?:\.[a-z_]\w*)*\.[A-Z]\w*$/
/** Modules that are imported everywhere, and hold what runs programs, files and code. */
const REACHED =
  /(?:^|\.)(?:os|sys|posix|nt|subprocess|builtins|__builtins__|importlib|shutil|pathlib|pickle|dill|ctypes|runpy|code|codeop|pty|socket|tempfile|io|types|functools|operator|inspect|pkgutil|webbrowser|multiprocessing|threading|__\w+__)(?:\.|$)/

/** Judges a name that a configuration gives to be imported and called. */
export function judgeTarget(target: string, at: string, scan: Scan): void {
  if (MAKES_CLASSES.test(target) && !REACHED.test(target)) return
  scan.report('config-target', { at }, target)
}

/** Modules of Python that run programs and code, and whatever leads to them. */
const RUNS =
  /^(?:os|sys|posix|nt|subprocess|builtins|importlib|shutil|pickle|dill|ctypes|runpy|pty|socket|pkgutil|webbrowser|multiprocessing)\.|(?:^|\.)(?:os|subprocess|builtins|__\w+__)\./
/** Names that are made with their arguments by the loaders of single projects: latent diffusion, Lightning. */
const MADE = ['target', 'class_path']
/** Names that sentence-transformers imports and calls (models/Dense.py, CrossEncoder). */
const CALLED = ['activation_function', 'activation_fn', 'sbert_ce_default_activation_function']

/** Judges every key of one object that names something to be called. */
export function judgeTargets(valueOf: (key: string) => unknown, scan: Scan): void {
  const target = valueOf('_target_')
  if (typeof target === 'string') judgeTarget(target, '_target_', scan)
  for (const key of CALLED) {
    const called = valueOf(key)
    if (typeof called === 'string' && called.includes('.')) judgeTarget(called, key, scan)
  }
  for (const key of MADE) {
    const made = valueOf(key)
    if (typeof made === 'string' && RUNS.test(made)) scan.report('config-target', { at: key }, made)
  }
}
