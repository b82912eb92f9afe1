import type { Said } from '#cli/terminal.ts'
import type { Language } from '#kernel/refusal-messages.ts'
import type { HomeLockProblem } from '#store/sqlite/home-lock.ts'

/** Why the data directory is not ours, and who has it. */
export function lockProblem(problem: HomeLockProblem): Said {
  if (problem.code === 'home-unusable') {
    return {
      en: `The lock ${problem.path} cannot be used (${problem.found}).`,
      fr: `Le verrou ${problem.path} est inutilisable (${problem.found}).`,
    }
  }
  const { holder } = problem
  if (!holder) {
    return {
      en: 'Another process holds the data directory.',
      fr: 'Un autre processus tient le dossier de données.',
    }
  }
  return {
    en: `Another gateway holds the data directory: process ${holder.pid}, listening on ${holder.listen}. Stop it, or choose another directory with ECLUSE_HOME.`,
    fr: `Une autre passerelle tient le dossier de données : processus ${holder.pid}, à l'écoute sur ${holder.listen}. Arrêtez-la, ou choisissez un autre dossier avec ECLUSE_HOME.`,
  }
}

/** What is told in either language. */
export const both = (tell: (language: Language) => string): Said => ({
  en: tell('en'),
  fr: tell('fr'),
})
