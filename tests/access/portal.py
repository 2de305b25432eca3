"""Pages outside the apps: health, sign-in. See `tests.access`."""

from tests.access import SIGNED_IN, Page

PAGES: dict[str, Page] = {
    "healthz": Page("all", "Health: the process answers", neighbour=200),
    "readyz": Page("all", "Health: which part is down", neighbour=200),
}

# A signed-in reader is led on from the doors; the doors themselves are public.
LED_ON = dict.fromkeys(SIGNED_IN, 302)

PAGES |= {
    "account_login": Page("all", "Sign in", but=LED_ON, neighbour=302),
    "account_request_login_code": Page("all", "Ask for a code", but=LED_ON, neighbour=302),
    "account_confirm_login_code": Page("all", "Enter the code", status=302, neighbour=302),
    "account_signup": Page("all", "How to get access", but=LED_ON, neighbour=302),
    "account_inactive": Page("all", "The account is closed", neighbour=200),
    "account_logout": Page("all", "Sign out", but={"guest": 302}, neighbour=200),
    # The cast signs in by codes: nobody of it has a password to be asked for.
    "account_reauthenticate": Page("signed-in", "Confirm the password", status=403, neighbour=403),
    "account_change_password": Page("signed-in", "Change the password", status=302, neighbour=302),
    "account_set_password": Page("signed-in", "Set a password", neighbour=200),
}
