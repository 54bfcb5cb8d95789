"""The words that generated work is made of: a company that writes software for clinics."""

AREAS: dict[str, tuple[str, ...]] = {
    "onboarding": ("clinic sign-up", "data import wizard", "staff invitations", "first-day checklist", "demo patients"),
    "scheduling": ("appointment calendar", "waiting list", "recurring visits", "room bookings", "reminder messages"),
    "billing": ("invoice run", "insurance claims", "dunning letters", "tariff tables", "credit notes", "tax export"),
    "payments": ("card terminal", "refunds", "payment links", "direct debit mandates", "payout report"),
    "records": ("patient timeline", "lab results inbox", "prescription form", "document scans", "vaccination pass"),
    "reporting": ("occupancy dashboard", "revenue report", "nightly aggregates", "audit trail", "CSV export"),
    "platform": ("login session", "background jobs", "search index", "feature flags", "database migrations"),
    "partner": ("partner API", "webhook deliveries", "single sign-on", "sandbox tenants", "API keys"),
}
"""Area -> the things people work on there."""

EPICS = ("Self-service {}", "{} for group practices", "Reliable {}", "{}: second generation", "Faster {}")
STORIES = (
    "Let receptionists correct the {} without calling support",
    "Show clinic owners what changed in the {}",
    "Let doctors find the {} from the patient page",
    "Offer the {} in French and German",
    "Let group practices share the {} between sites",
    "Guide new clinics through the {} step by step",
)
TASKS = (
    "Add an index for the {} query",
    "Move the {} to the new design tokens",
    "Write a runbook for the {}",
    "Record metrics for the {}",
    "Remove the old {} code path",
    "Split the {} settings by site",
    "Upgrade the library behind the {}",
)
BUGS = (
    "{} shows the wrong day after the clocks change",
    "{} times out for clinics with many patients",
    "{} loses unsaved changes on a slow connection",
    "Umlauts are broken in the {}",
    "{} can be opened twice and saves twice",
    "Rounding in the {} differs from the printed version by a cent",
)
CHANGES = (
    "Retry the {} after a lost connection",
    "Extract {} into its own module",
    "Cover the {} with contract tests",
    "Cache the {} for an hour",
    "Validate input of the {} on the server",
    "Paginate the {}",
    "Fix flaky test around the {}",
)
PAGES = (
    "{}: problem and target",
    "Design brief: {}",
    "{}: what five clinics told us",
    "Options for the {}",
    "Launch plan for the {}",
)

SENTENCES = (
    "Three clinics asked for this in the last month.",
    "Support handles about a dozen calls a week because of it.",
    "The old behaviour stays behind a feature flag until every site has moved.",
    "We agreed on the wording with customer success.",
    "Numbers are in the revenue report of last quarter.",
    "Needs a migration; it runs online and takes about four minutes on the largest clinic.",
    "Receptionists work with the keyboard only, so every step must be reachable without a mouse.",
    "Please keep the audit trail complete: who, when, and the value before.",
    "Measured on the staging copy: 1.8 s before, 240 ms after.",
    "The insurer's specification is ambiguous here; their engineers confirmed our reading by phone.",
    "Out of scope: the mobile app.",
    "Reproduced with Zürich and Genève test data – accents matter.",
)

PEOPLE = (
    "Ana Lima",
    "Omar Haddad",
    "Priya Raman",
    "Jonas Weber",
    "Mei Tanaka",
    "Lucía Ortega",
    "Tomasz Zieliński",
    "Grace Okafor",
    "Elif Kaya",
    "Noah Berger",
    "Ingrid Solberg",
    "Mateo Rossi",
    "Hannah Cole",
    "Dmitri Volkov",
    "Amara Diallo",
    "Felix Brandt",
)
LABELS = ("customer-request", "tech-debt", "security", "regression", "good first issue", "partner/globex", "ux")
GOALS = ("activation", "reliability", "claims", "partner-api")
PRIORITIES = ("Highest", "High", "Medium", "Medium", "Medium", "Low")
