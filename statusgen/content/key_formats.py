"""How the keys of well-known programs and services look: how they begin, of what they are made, and how long they are.

Facts from their makers' documentation and from the lists of gitleaks and detect-secrets. Each entry is a pattern, and
the text, or texts, of which one is in everything that it finds.
"""

KEY_FORMATS: tuple[tuple[str, ...], ...] = (
    # Files of keys
    (r"-{1,5} ?BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{1,5}", "BEGIN "),  # RFC 7468, OpenSSH, PGP
    (r"\bPuTTY-User-Key-File-\d:", "PuTTY-User-Key-File-"),
    (r"\bAGE-SECRET-KEY-1[0-9A-Z]{50,}", "AGE-SECRET-KEY-1"),
    (r"\b(?:PrivateKey|PresharedKey) ?= ?[A-Za-z0-9+/]{43}=", "Key"),  # WireGuard
    # Clouds
    (r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b", "AKIA", "ASIA", "ABIA", "ACCA"),  # Amazon
    (
        r"(?i)secret[ _-]?access[ _-]?key[\"' ]{0,3}(?:[:=]|is)[\"' ]{0,3}[a-z0-9/+]{40}(?![a-z0-9/+])",
        "secret",
    ),
    (r"\bamzn\.mws\.[0-9a-f-]{36}", "amzn.mws."),
    (r"\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}", "Key="),  # Azure
    (r"[\w.~]{3}\dQ~[\w.~-]{31,34}", "Q~"),
    (r"\bAIza[\w-]{35}", "AIza"),  # Google
    (r"\bya29\.[\w-]{20,}", "ya29."),
    (r"\bGOCSPX-[\w-]{28}", "GOCSPX-"),
    (r"\b1//0[\w-]{40,}", "1//0"),
    (r"\bLTAI[A-Za-z0-9]{20}\b", "LTAI"),  # Alibaba
    (r"\bdo[opr]_v1_[a-f0-9]{64}\b", "_v1_"),  # DigitalOcean
    (r"\bdapi[a-f0-9]{32}", "dapi"),  # Databricks
    (r"\bHRKU-[\w-]{36,}", "HRKU-"),  # Heroku
    (r"\bhv[bs]\.[\w-]{24,}", "hvs.", "hvb."),  # Vault
    (r"\b\w{14}\.atlasv1\.[\w-]{60,}", ".atlasv1."),  # Terraform
    (r"\bpul-[0-9a-f]{40}\b", "pul-"),  # Pulumi
    (r"\bdp\.(?:pt|st|ct|sa)\.[\w.-]{40,}", "dp."),  # Doppler
    (r"\btskey-[a-z]{2,10}-[\w-]{20,}", "tskey-"),  # Tailscale
    (r"\bops_eyJ[\w-]{40,}", "ops_eyJ"),  # 1Password
    (r"\b(?:nfp|r8|gsk|sbp|hf|tfp)_[A-Za-z0-9]{24,}", "nfp_", "r8_", "gsk_", "sbp_", "hf_", "tfp_"),
    (r"\bpscale_(?:tkn|pw|oauth)_[\w-]{32,}", "pscale_"),  # PlanetScale
    # Code and packages
    (r"\bgh[opsur]_[A-Za-z0-9]{36,}", "gho_", "ghp_", "ghs_", "ghu_", "ghr_"),  # GitHub
    (r"\bgithub_pat_\w{22,}", "github_pat_"),
    (
        r"\bgl(?:pat|dt|rt|ptt|cbt|ft|soat|imt|agent|oas|ffct)-[\w-]{20,}",
        *(
            "glpat-",
            "gldt-",
            "glrt-",
            "glptt-",
            "glcbt-",
            "glft-",
            "glsoat-",
            "glimt-",
            "glagent-",
            "gloas-",
            "glffct-",
        ),
    ),  # GitLab
    (r"\bAT(?:AT|CT)T3[\w=-]{40,}", "ATATT3", "ATCTT3"),  # Atlassian
    (r"\bATBB[A-Za-z0-9]{24,}", "ATBB"),  # Bitbucket
    (r"\bnpm_[A-Za-z0-9]{36}", "npm_"),
    (r"\bpypi-[\w-]{40,}", "pypi-"),
    (r"\brubygems_[0-9a-f]{48}", "rubygems_"),
    (r"\bdckr_pat_[\w-]{20,}", "dckr_pat_"),  # Docker
    (r"\blin_api_[A-Za-z0-9]{24,}", "lin_api_"),  # Linear
    (r"\bfigd_[\w-]{24,}", "figd_"),  # Figma
    (r"\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}", "PMAK-"),  # Postman
    (r"\bsntry[su]_[\w+/=-]{24,}", "sntrys_", "sntryu_"),  # Sentry
    (r"\bgl(?:sa|c)_[\w+/=]{32,}", "glsa_", "glc_"),  # Grafana
    (r"\bNRAK-[A-Z0-9]{27}", "NRAK-"),  # New Relic
    (r"\bdt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}", "dt0c01."),  # Dynatrace
    # Messages and mail
    (r"\bxox[abeoprs][.-][A-Za-z0-9.-]{10,}", "xox"),  # Slack
    (r"\bxapp-\d-[A-Za-z0-9-]{10,}", "xapp-"),
    (r"hooks\.slack\.com/services/\w+/\w+/\w+", "hooks.slack.com"),
    (r"webhook\.office\.com/webhookb2/[\w@-]{20,}", "webhook.office.com"),
    (r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]+", "/api/webhooks/"),
    (r"\b[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w.-])", "."),  # a bot of Discord
    (r"\bbot\d{8,10}:[\w-]{35}", "bot"),  # Telegram
    (r"(?<![\w:])\d{8,10}:AA[\w-]{33}", ":AA"),
    (r"\bSK[0-9a-f]{32}\b", "SK"),  # Twilio
    (r"\bSG\.[\w-]{16,}\.[\w-]{16,}", "SG."),  # SendGrid
    (r"\bkey-[0-9a-f]{32}\b", "key-"),  # Mailgun
    (r"(?<![\w-])[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![\w-])", "-"),
    (r"\b[0-9a-f]{32}-us\d{1,2}\b", "-us"),  # Mailchimp
    (r"\bxkeysib-[0-9a-f]{64}-\w{16}", "xkeysib-"),  # Brevo
    # Payments and shops
    (r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}", "_live_", "_test_"),  # Stripe
    (r"\bwhsec_[A-Za-z0-9+/]{24,}", "whsec_"),
    (r"\bsq0(?:atp|csp)-[\w-]{22,}", "sq0"),  # Square
    (r"\bshp(?:at|ca|pa|ss)_[A-Za-z0-9]{24,}", "shp"),  # Shopify
    # Models and notes
    (r"\bsk-[A-Za-z0-9_-]{32,}", "sk-"),  # OpenAI, Anthropic and others
    (r"\b(?:xai|pplx)-[A-Za-z0-9]{40,}", "xai-", "pplx-"),
    (r"\bntn_\d{11}[A-Za-z0-9]{35}", "ntn_"),  # Notion
    (r"\bsecret_[A-Za-z0-9]{43}\b", "secret_"),
    (r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b", "pat"),  # Airtable
    # Protocols
    (r"(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}", "eyJ"),  # JSON Web Token (RFC 7519)
    (r"\bAuthorization: Basic [A-Za-z0-9+/]{8,}", "Basic "),
    (r"\bBearer [A-Za-z0-9._~+/-]{20,}", "Bearer "),
    (r"[?&](?:sig|X-Amz-Signature)=[\w%+/]{20,}", "sig=", "X-Amz-"),  # addresses that let in anyone who has them
    # Databases, as programs are told how to reach them
    (
        r"(?i)\b(?:server|data source|host|addr(?:ess)?) ?=[^\n]{0,200}?\b(?:password|pwd) ?= ?[^;\s\"']{3,}",
        *("password", "pwd"),
    ),
    (r"\bjdbc:oracle:\w{1,10}:[^\s/:@]{1,64}/[^\s/@]{1,64}@", "jdbc:oracle:"),
)
