import type { Topic } from '../../meaning/find-topics.ts'

const split = (list: string): readonly string[] => list.split('|').map((word) => word.trim())

/** Ordinary affairs of a house: meetings, procedures, rotas, announcements. */
export const INTERNAL_TOPICS: readonly Topic[] = [
  {
    type: 'INTERNAL_MATTER',
    rule: 'internal-document',
    needs: 'shown',
    confidence: 0.65,
    words: split(
      'mail interne|e-mail interne|courriel interne|message interne|note interne|note de service|mémo interne|communication interne|annonce interne|compte rendu interne|réunion interne|guide interne|procédure interne|politique interne|document interne|wiki interne|outil interne|argumentaire interne|compte rendu du cse|réunion du cse|compte rendu de la réunion|compte rendu de réunion|notes de réunion|réunion d’équipe|fil slack|canal slack|mail aux équipes|mail à l’équipe|message à l’équipe|mémo aux collègues|planning des astreintes|planning de l’équipe|planning des congés|daily de l’équipe|rétro de l’équipe|dans les bureaux|' +
        'internal email|internal memo|internal announcement|internal newsletter|internal meeting|internal wiki|internal faq|internal documentation|internal guide|internal survey|internal training|internal process|internal policy|meeting notes|team meeting|team sync|slack thread|slack channel|email to the team|email to all staff|memo to all staff|note to the team|all staff|all-hands notes|all-hands|all hands|on-call schedule|on-call rota|support rota|shift rota|holiday rota|sprint retro|retro notes|standup notes|town hall notes|aux collègues|mes collègues|aux salariés|à tous les salariés|aux équipes|notes de la réunion|réunion fournisseurs|réunion projet|comité projet|point d’équipe|faq interne|intranet|message de bienvenue|nouveaux arrivants|consignes d’évacuation|séminaire d’équipe|to colleagues|to the staff|to all employees|new joiners|new starters|joiners channel|meeting with suppliers|project meeting|internal faq|intranet|team lunch|team building|office move|holiday calendar|leave calendar|feuilles de temps|comité de pilotage|copil|kick-off|kickoff|stand-up|notes du stand-up|support interne|dîner d’équipe|pot de l’équipe|sondage interne|service informatique|faq du support|rapport d’activité interne|timesheets|steering committee|notes from the meeting|meeting recap|team dinner|team offsite|team event|office party|secret santa|desk booking|printer policy|it helpdesk|staff survey|pulse survey|internal event',
    ),
  },
  {
    type: 'INTERNAL_MATTER',
    rule: 'internal-matter',
    needs: 'own',
    confidence: 0.65,
    words: split(
      'procédure|procédure interne|procédures|astreinte|astreintes|planning|planning de l’équipe|compte rendu|compte-rendu|compte rendu de réunion|réunion|notes de réunion|notes internes|note de service|note interne|organigramme|intranet|wiki interne|outil interne|outils internes|équipe|équipes|collègues|rétrospective|rétro|sprint|backlog|objectifs|okr|okrs|process|processus|charte|politique|politique interne|règlement intérieur|onboarding|livret d’accueil|accueil|formation interne|séminaire|guide interne|documentation interne|tickets jira|jira|tickets|calendrier|congés|télétravail|notes de frais|fournisseur|fournisseurs|kpi|indicateurs|reporting|tableau de bord|plan d’action|ordre du jour|point hebdomadaire|newsletter interne|runbook|checklist|mise en production|consignes|locaux|bureaux|cantine|matériel|prestataire|inventaire|stocks|sondage|enquête|assemblée générale|comité|service client|support|bilan|rapport|présentation|' +
        'internal process|internal policy|internal policies|internal|meeting notes|meeting minutes|minutes|retro|retro notes|sprint|sprint retro|standup|stand-up|standup notes|team offsite|offsite|org chart|onboarding guide|onboarding|onboarding checklist|employee handbook|handbook|on-call|on-call rotation|rota|runbook|wiki|confluence|jira|policy|travel policy|expense policy|playbook|internal tool|internal tooling|okr|okrs|kpi|kpis|team|action items|agenda|quarterly goals|goals|procedure|procedures|guidelines|all-hands|all hands|vendor|vendor list|vendors|suppliers|inventory|release checklist|checklist|style guide|coding guidelines|deployment checklist|status update|weekly report|report|presentation|slides|design doc|intranet|canteen|office|survey|dashboard|backlog|training|process|helpdesk|staff|colleagues|committee|department|sticky notes|formation|plan de formation|consignes|notre service|notre atelier|notre agence|notre site|nos bureaux|comité projet|calendrier des congés|planning|parking|voiture de service|training plan|calendar|holiday calendar|schedule|welcome message|seating plan|parking|guidelines|roster|service desk|facility|rules|kitchen rules|retro board|règles de vie|house rules|tableau de la rétro|service',
    ),
  },
]
