"""A passkey, made and used by a real browser: the ceremony of WebAuthn from the page to the database and back."""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.places import Stage
from tests.browser.test_pages import open_context, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.model]

MANAGER = "manager@demo.example"
# A key that is built into the machine and knows its owner, by a finger or a PIN.
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in_key(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def test_a_key_is_added_asked_for_and_removed(stage: Stage, chromium: Browser) -> None:
    """Browsers bind a key to a name, never to a number: the portal is called localhost here."""
    home = stage.url.replace("127.0.0.1", "localhost")
    here = replace(stage, url=home)
    context = open_context(chromium, here, width=1280, language="en")
    try:
        page = context.new_page()
        plug_in_key(page)
        sign_in(page, here, MANAGER)
        page.goto(f"{home}/accounts/2fa/webauthn/add/")
        page.click("#mfa_webauthn_add")
        page.wait_for_url("**/accounts/2fa/recovery-codes/")
        assert len(page.input_value("#recovery_codes").split()) == 10
        context.clear_cookies(name="sessionid")
        sign_in(page, here, MANAGER)
        assert page.url.endswith("/accounts/2fa/authenticate/"), "the password alone is not enough"
        page.click("#mfa_webauthn_authenticate")
        page.wait_for_url("**/t/*/")
        page.goto(f"{home}/accounts/2fa/webauthn/")
        page.click("main a[href$='/remove/']")
        page.click("main form[method=post] button[type=submit]")
        page.wait_for_url("**/accounts/2fa/webauthn/")
        assert page.locator("main a[href$='/remove/']").count() == 0
    finally:
        context.close()
