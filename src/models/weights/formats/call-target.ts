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
