// For development only: verdicts by four rough patterns, so that the page has something to show.

export const MODEL = 'smollm2-135m-instruct'

const DETECTORS = [
  {
    type: 'FR_NIR',
    rule: 'fr-nir',
    class: 'restricted',
    category: 'personal',
    pattern: /\b[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d\d ?\d{3} ?\d{3} ?\d\d\b/g,
    en: 'Key checked (mod 97), and "social security" stands nearby.',
    fr: 'Clé vérifiée (mod 97), et « sécurité sociale » se trouve à côté.',
  },
  {
    type: 'IBAN_CODE',
    rule: 'iban',
    class: 'confidential',
    category: 'finance',
    pattern: /\bFR\d\d(?: ?[0-9A-Z]{4}){5} ?[0-9A-Z]{3}\b/g,
    en: 'Checksum verified (mod 97).',
    fr: 'Somme de contrôle vérifiée (mod 97).',
  },
  {
    type: 'EMAIL_ADDRESS',
    rule: 'email',
    class: 'internal',
    category: 'personal',
    pattern: /[\w.+-]+@[\w-]+\.[a-z]{2,}/g,
    en: 'It has the shape of an email address.',
    fr: "Cela a la forme d'une adresse électronique.",
  },
  {
    type: 'MEDICAL_CONDITION',
    rule: 'health-fr',
    class: 'restricted',
    category: 'health',
    pattern: /arrêt maladie|sick leave/g,
    en: 'A health term next to a person.',
    fr: "Un terme de santé près d'une personne.",
  },
]
const CLASSES = ['public', 'internal', 'confidential', 'restricted']
export const CLASS_FR = {
  public: 'public',
  internal: 'interne',
  confidential: 'confidentiel',
  restricted: 'restreint',
}
export const DESTINATIONS = [
  {
    id: 'embedded',
    zone: 'device',
    jurisdiction: 'local',
    clearance: 'restricted',
    state: 'enabled',
    origin: 'embedded',
    health: 'ready',
    models: [{ name: MODEL, zone: 'device' }],
  },
  {
    id: 'ollama',
    zone: 'on-prem',
    jurisdiction: 'local',
    clearance: 'public',
    state: 'discovered',
    origin: 'discovered',
    health: 'ready',
    models: [{ name: 'qwen3-8b', zone: 'on-prem' }],
  },
  {
    id: 'cloud',
    zone: 'managed',
    jurisdiction: 'FR',
    clearance: 'internal',
    state: 'enabled',
    origin: 'config',
    health: 'ready',
    models: [{ name: 'mistral-small', zone: 'managed' }],
  },
  {
    id: 'vendor',
    zone: 'api',
    jurisdiction: 'US',
    clearance: 'public',
    state: 'listed',
    origin: 'environment',
    health: null,
    models: [{ name: 'gpt-5', zone: 'api' }],
  },
]

function findingsIn(text, french) {
  return DETECTORS.flatMap((detector) =>
    [...text.matchAll(detector.pattern)].map((match) => ({
      detector,
      found: {
        type: detector.type,
        rule: detector.rule,
        start: match.index,
        end: match.index + match[0].length,
        confidence: 0.95,
        explanation: french ? detector.fr : detector.en,
      },
    })),
  )
}

/** Why a destination would refuse: [code, rule, English, French]; null when it would not. */
function refusalOf(destination, rank, engineReady) {
  const { id, clearance, state } = destination
  if (id === 'embedded' && !engineReady) {
    return [
      'not-ready',
      'health',
      'The model is still being fetched.',
      'Le modèle est en cours de téléchargement.',
    ]
  }
  if (state === 'listed') {
    const command = `\`ecluse destinations enable ${id}\``
    return [
      'not-enabled',
      `destination.${id}`,
      `A key was seen in the environment; enable it with ${command}.`,
      `Une clé a été vue dans l'environnement ; activez-la avec ${command}.`,
    ]
  }
  if (rank > CLASSES.indexOf(clearance)) {
    return [
      'clearance-too-low',
      `clearance.${id}`,
      `Cleared up to ${clearance} data.`,
      `Habilitée jusqu'aux données de classe « ${CLASS_FR[clearance]} ».`,
    ]
  }
  return null
}

/** The body of POST /api/explain. */
export function explainText(text, model, french, engineReady) {
  const findings = findingsIn(text, french)
  const rank = Math.max(0, ...findings.map(({ detector }) => CLASSES.indexOf(detector.class)))
  const categories = [...new Set(findings.map(({ detector }) => detector.category))]
  const allowed = []
  const refused = []
  for (const destination of DESTINATIONS) {
    const [{ name }] = destination.models
    if (model && model !== 'auto' && model !== name) continue
    const refusal = refusalOf(destination, rank, engineReady)
    if (refusal === null) {
      allowed.push({
        destination: destination.id,
        model: name,
        zone: destination.zone,
        costEuro: null,
        tokensPerSecond: null,
      })
    } else {
      const [code, rule, english, inFrench] = refusal
      refused.push({
        destination: destination.id,
        model: name,
        code,
        rule,
        explanation: french ? inFrench : english,
      })
    }
  }
  if (rank === 0) allowed.reverse()
  const [first] = allowed
  const stays = rank >= 2
  return {
    label: {
      class: CLASSES[rank],
      categories,
      undetermined: false,
      findings: findings.map(({ found }) => found),
    },
    chosen: first
      ? {
          ...first,
          jurisdiction: DESTINATIONS.find(({ id }) => id === first.destination).jurisdiction,
        }
      : null,
    allowed,
    refused,
    duties: [],
    policyVersion: 'default-1',
    explanation: french
      ? `Ce texte est de classe « ${CLASS_FR[CLASSES[rank]]} »${stays ? ' : il reste sur vos machines' : ''}.`
      : `This text is ${CLASSES[rank]}${stays ? ': it stays on your machines' : ''}.`,
  }
}
