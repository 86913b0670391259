"""Endings of names under which anyone, or any government, has a site of its own: the same ending is not the same owner.

Facts from the Public Suffix List (https://publicsuffix.org), as few as posts of cities need: what countries divide
their names into, the states of the US with their own divisions, and the hosts that give sites away.
"""

import re

_PARTS_OF_A_COUNTRY = re.compile(
    r"(?:ac|co|com|ed|edu|gc|go|gob|gouv|gov|govt|gub|lg|ltd|mil|muni|ne|net|nhs|nom|or|org|plc|police|sch)\.[a-z]{2}"
)
_PART_OF_A_STATE = re.compile(
    r"(?:(?:cc|ci|co|cog|dst|gen|k12|lib|state|tec)\.)?"
    r"(?:a[klrz]|c[aot]|d[ce]|fl|g[au]|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|p[ar]|ri|s[cd]|t[nx]|ut"
    r"|v[ait]|w[aivy])\.us"
)
_OTHERS = {
    "fed.us", "nsn.us", "isa.us", "dni.us", "eu.com", "gb.com", "uk.com", "us.com", "de.com", "br.com",
    "cn.com", "ru.com", "sa.com", "za.com", "gb.net", "uk.net", "us.org", "blogspot.com", "wordpress.com",
    "weebly.com", "wixsite.com", "tumblr.com", "herokuapp.com", "firebaseapp.com", "azurewebsites.net",
    "myshopify.com", "squarespace.com", "sharepoint.com", "appspot.com", "github.io", "gitlab.io", "glitch.me",
    "webflow.io", "readthedocs.io", "github.dev", "pages.dev", "workers.dev", "deno.dev", "r2.dev", "web.app",
    "netlify.app", "vercel.app", "surge.sh", "fly.dev", "onrender.com", "streamlit.app", "replit.app",
    "ngrok.io", "ngrok-free.app", "azurestaticapps.net", "cloudfront.net", "azurefd.net", "azureedge.net",
    "duckdns.org", "sourceforge.io", "s3.amazonaws.com", "blob.core.windows.net",
}  # fmt: skip


def is_shared_ending(host: str) -> bool:
    """Return whether others have sites under this name."""
    return bool(_PARTS_OF_A_COUNTRY.fullmatch(host) or _PART_OF_A_STATE.fullmatch(host)) or host in _OTHERS
