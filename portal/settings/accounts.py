"""Who signs in, by what, and for how long (docs/decisions/0020-sign-in.md). allauth does it; this says how."""

# -- Accounts --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.User"
# One that knows passwords: a wrong one costs the same work for an account that exists and for one that does not.
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ACCOUNT_ADAPTER = "portal.web.accounts.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "portal.web.forms.accounts.ForgottenPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # members are added by an owner; the letter of invitation proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ANONYMOUS_USER_NAME = None  # nobody has permissions without an account
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_RAISE_403 = False
INVITATION_DAYS = 7

# -- Passwords -------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.sign_in.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "portal.sign_in.passwords.UnlikeTheUser"},
    {"NAME": "portal.sign_in.passwords.BreachedPasswords"},
    {"NAME": "portal.sign_in.passwords.WordsOfThisPlace"},
]

# -- Guessing --------------------------------------------------------------------------------------
# By account and by address; the numbers stand in docs/security.md, the waiting time in portal/web/accounts.py.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}

# -- The second factor -----------------------------------------------------------------------------
MFA_REQUIRED = True  # for whoever signs in (portal/sign_in/second_factor.py)
MFA_ADAPTER = "portal.web.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Consentry"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Nobody signs up, so nobody can take an address before its owner; an owner who may not set up is locked out.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# -- Signing in again before what is sensitive (portal/sign_in/again.py) ---------------------------
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds until a sensitive page asks again
REAUTHENTICATED_FORM_SECONDS = 1800  # a form that was opened in time may be sent until here

# -- Sessions (portal/sign_in/sessions.py) ---------------------------------------------------------
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 3600
USERSESSIONS_TRACK_ACTIVITY = False  # it writes a row with each request; ours writes once a minute

# -- Directories of handlers (portal/sign_in/directories.py) ---------------------------------------
SOCIALACCOUNT_ADAPTER = "portal.web.directories.DirectoryAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # going there changes nothing, and a form may lead to no other site (CSP)
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
