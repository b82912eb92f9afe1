import type { Topic } from '../../meaning/find-topics.ts'

const split = (list: string): readonly string[] => list.split('|').map((word) => word.trim())

/** Weaknesses and plans of systems, the company's own code, its keys, matter under export control. Sources: ANSSI guide d'hygiène, NIST SP 800-61 and 800-115, Regulation (EU) 2021/821, ITAR (22 CFR 120-130), EAR (15 CFR 730-774). */
export const TECHNICAL_TOPICS: readonly Topic[] = [
  {
    type: 'SECURITY_WEAKNESS',
    rule: 'security',
    needs: 'company',
    words: split(
      'vulnérabilité|vulnérabilités|non patché|non patchée|pas encore corrigée|pas encore patché|pas encore patchée|contourner l’authentification|test d’intrusion|pentest|faille|failles|faille de sécurité|non corrigée|non corrigées|incident de sécurité|security incident|fuite de données|compromission|compromis|intrusion|piraté|piratés|piratage|rançongiciel|ransomware|hameçonnage|plan de reprise|pare-feu|firewall|segmentation|réseau de production|schéma réseau|architecture réseau|active directory|contrôleur de domaine|comptes admin|droits d’administration|serveur de sauvegarde|sauvegarde|vpn|bastion|sans authentification|accessibles sans|sans mot de passe|caméras|alarme|salle serveur|badgeuse|salle des coffres|post-mortem|postmortem|scada|automate|' +
        'penetration test|pentest|not yet patched|not patched|still unpatched|bypass auth|bypass authentication|authentication bypass|cve|cves|vulnerability|vulnerabilities|unpatched|security incident|security incident|outage|data breach|breached|hacked|phished|ransomware|malware|intrusion|network diagram|network topology|subnet|firewall|firewall rules|segmentation|open cves|attack surface|attack path|red team|zero-day|vpn|vpn gateway|domain controller|admin accounts|admin rights|no mfa|without mfa|default password|backup server|exposed to the internet|fail open|badge readers|server room|post-mortem|postmortem|scada|plc|end-of-life server|bucket|s3|routeur|acl|acls|commutateur|cluster|datacenter|centre de données|plages d’adresses|plages ip|noms d’hôtes|adresses ip|hyperviseur|nas|sauvegardes|certificat|certificats|antivirus|edr|siem|annuaire|comptes à privilèges|gardiennage|vidéosurveillance|plan d’évacuation|s3 bucket|router|switches|data centre|data center|network ranges|ip ranges|hostnames|internal ip|ip addresses|cloud account|aws account|azure tenant|hypervisor|backups|certificate|antivirus|siem|privileged accounts|access rights|production database|prod database|kubernetes|k8s|jump host|leaked|was public|cyberattaque|cyber-attaque|phishing|sso|contournement|angles morts|implantation des caméras|test de phishing|agents cliquent|mots de passe faibles|compte partagé|poste infecté|clé usb trouvée|shadow it|accès distant|prestataire a accès|versions obsolètes|os versions|blind spots|weak passwords|shared account|infected laptop|remote access|privilege escalation|misconfiguration|logs from our|rate limit bypass|scanner findings|soc alert|alert from|suspicious login|brute-force|ddos|backup|backup job|sauvegarde quotidienne|la sauvegarde',
    ),
  },
  {
    type: 'SECURITY_WEAKNESS',
    rule: 'security-paper',
    needs: 'matter',
    words: split(
      'rapport d’audit|rapport de pentest|rapport de test d’intrusion|vulnérabilités critiques|injection sql|indicateurs de compromission|mouvement latéral|journal de l’edr|journaux de l’edr|plan d’adressage|plan de reprise|règles de pare-feu|règles du pare-feu|export du pare-feu|configuration du pare-feu|plan du site|plan des locaux|fichier d’état terraform|état terraform|contrôleur de domaine|matrice des droits|droits d’administration|salle serveur|alarme coupée|sans authentification|ne réplique plus|schéma de notre|schéma du réseau|cartographie du si|analyse de risques|registre des risques|' +
        'pentest report|pentest finding|pentest findings|penetration test report|vulnerability report|vulnerability scan|security audit|audit report|indicators of compromise|lateral movement|edr logs|network diagram|firewall export|firewall config|firewall ruleset|subnet plan|addressing plan|terraform state|vpn config|internal hostnames|access matrix|disaster recovery plan|incident report|incident timeline|incident postmortem|root cause analysis|attack path|hit by ransomware|admin accounts have no|have no mfa|fail open|no mfa|threat model|risk register|risk entry|badge readers|unpatched build|idor|site plan of|failles trouvées|liste des failles|configuration de notre|configuration du routeur|inventaire des serveurs|inventaire du parc|plan de continuité|plan de réponse|notification à la cnil|notification de violation|scan de vulnérabilités|résultats du scan|network ranges|router config|server inventory|asset inventory|business continuity plan|incident response plan|breach notification|scan results|security questionnaire|bucket policy|iam policy|access review|plan d’implantation|angles morts|synthèse de l’audit|résultats du test de phishing|test de phishing|liste de nos serveurs|cartographie réseau|journal de sécurité|registre des incidents|list of our servers|server list|camera layout|risk statement|phishing test|security findings|soc report|siem export|vulnerability backlog|network map|crash dump from our',
    ),
  },
  {
    // a state file lists every resource with its addresses, whoever's it is
    type: 'SECURITY_WEAKNESS',
    rule: 'infrastructure-state',
    needs: 'shown',
    standing: 'part',
    words: split('"terraform_version": "|"terraform_version":"'),
  },
  {
    type: 'SECURITY_WEAKNESS',
    rule: 'internal-host',
    needs: 'shown',
    standing: 'part',
    words: split('.corp.local|.internal.corp|.intra.|.corp.|.ad.local|.lan:|.prod.internal'),
  },
  {
    type: 'SOURCE_CODE',
    rule: 'source-code',
    needs: 'shown',
    words: split(
      'code propriétaire|code source propriétaire|code source interne|notre code source|notre code|notre base de code|notre dépôt privé|notre dépôt|notre algorithme|algorithme propriétaire|notre moteur de|notre firmware|notre sdk|notre librairie|notre bibliothèque interne|notre erp maison|code du module|code interne|propriété exclusive|tous droits réservés|' +
        'proprietary code|proprietary source|proprietary algorithm|proprietary.|our codebase|our source code|our source|our code|our private repo|our private repository|private repo|private repository|our internal library|closed-source|closed source|closed-source code|internal repo|internal repository|internal code|our proprietary|our matching engine|our pricing engine|our algorithm|our firmware|our sdk|all rights reserved|here is the source|firmware excerpt|notre module|notre backend|notre microservice|notre monorepo|notre plugin|nos scripts|code non public|code ci-dessous|code confidentiel|code de notre|our private|our monorepo|private monorepo|our backend|our microservice|our module|our plugin|our internal api|our in-house|in-house library|unreleased code|non-public code|not open source|code below:|code from our|moteur de règles de notre|code de notre|classe du moteur|stack trace from our|payment service|our payment service|our api|our service|our app’s code|our repo|notre api|notre service de paiement|notre application métier|nos tests internes|notre pipeline',
    ),
  },
  {
    type: 'SOURCE_CODE',
    rule: 'code-of-ours',
    needs: 'company',
    words: split(
      'algorithme|firmware|microcode|procédure stockée|moteur de tarification|moteur de scoring|dépôt git|code source|cette classe|erp maison|' +
        'algorithm|firmware|stored procedure|pricing engine|scoring engine|ranking function|matching engine|our pull request|our merge request|the pull request on our|codebase|source code|git repo|trading desk',
    ),
  },
  {
    type: 'EXPORT_CONTROL',
    rule: 'export-control',
    needs: 'shown',
    words: split(
      'itar-controlled|itar controlled|itar drawing|itar technical data|ear-controlled|ear controlled|ear99|export-controlled|export controlled|controlled technical data|controlled unclassified information|contrôle des exportations|bien à double usage|biens à double usage|matériel de guerre|matériels de guerre|règlement double usage|double usage|soumis à licence d’exportation|soumise à licence d’exportation|soumises à licence d’exportation|dual-use technology|dual-use item|dual-use|usml|usml category|eccn|sbdu|licence d’exportation|export licence|export license|catégorie ml|liste militaire|munitions list|wassenaar|itar|itar restricted|technical data package|export restricted|ear restricted|deemed export|données techniques contrôlées|autorisation d’exportation',
    ),
  },
  {
    type: 'KEY_MATERIAL',
    rule: 'key-material',
    needs: 'own',
    helpWith:
      /\b(?:oublie|perdu|reinitialiser|changer|modifier|recuperer|retrouver|choisir|securiser|forgot|forgotten|lost|reset|change|recover|choose|secure|protect|proteger|generer|generate)/i,
    words: split(
      'kubeconfig|prod kubeconfig|clé privée|clés privées|clé de signature|fichier .env|.env de production|mots de passe|mot de passe root|mot de passe admin|identifiants|identifiants de production|identifiants aws|identifiants root|gestionnaire de mots de passe|coffre-fort de mots de passe|phrase de récupération|phrase secrète|clé api|clé d’api|clés api|clés d’api|jeton d’accès|jetons d’accès|codes d’accès|cookie de session|' +
        'private key|private keys|client key|signing key|signing keys|.env file|env file|production .env|prod .env|.env|root password|root credentials|production credentials|prod credentials|database credentials|credentials for|api key|api keys|access token|access tokens|password vault|password manager|passwords|admin credentials|service account key|service account|ssh key|ssh keys|recovery phrase|seed phrase|session cookie|master password|backup codes|ce jeton|cette clé|clé de chiffrement|clé maître|clé de déchiffrement|certificat client|fichier de mots de passe|fichier des mots de passe|secret partagé|this token is|this token gives|this key is|this key gives|unseal key|vault key|encryption key|decryption key|client certificate|client secret|shared secret|password file|password list|passwords file|login details|logins|credentials|ma clé ssh|ma clé api|ma clé privée|mes identifiants|mon mot de passe|nos mots de passe|bitwarden|lastpass|1password|keepass|coffre-fort|code de récupération|codes de secours|usernames and passwords|username and password|my ssh key|my api key|my private key|my password|our passwords|password export|recovery codes|2fa codes|mfa seed|totp secret|the login for|is the login|login for our|login is|le login de',
    ),
  },
  {
    type: 'KEY_MATERIAL',
    rule: 'access-code',
    needs: 'told',
    words: split(
      'code du coffre|code de l’alarme|code d’alarme|code alarme|code d’accès|code de la porte|digicode|code pin|le pin|code wifi|clé wifi|mot de passe wifi|cryptogramme|' +
        'alarm code|door code|gate code|safe code|safe combination|access code|entry code|pin code|the pin|pin of|wifi password|wi-fi password|lock combination',
    ),
  },
]
