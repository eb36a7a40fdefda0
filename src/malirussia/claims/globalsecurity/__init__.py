"""The page that the collection audits: GlobalSecurity.org, "Mali – Russia Relations", January 2022."""

from malirussia.claims.engine import Page
from malirussia.claims.globalsecurity.checks import CHECKS

PAGE = Page(
    claims="claims",
    checks=CHECKS,
    evidence="claims_evidence",
    dependence="claims_dependence",
    origins="claims_origins",
    publishers="claims_publishers",
)
