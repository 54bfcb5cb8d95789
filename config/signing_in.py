"""How people sign in, as Django, allauth and axes want it told; docs/people.md tells what this comes to."""

from datetime import timedelta

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "syncd.accounts.adapters.People"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up; without it the password field is missing
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an operator vouches for the address, or the identity provider
ACCOUNT_EMAIL_NOTIFICATIONS = True  # becomes a record in the security log
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "syncd.accounts.credentials.SignIn",
    "reauthenticate": "syncd.accounts.credentials.PasswordAgain",
    "set_password": "syncd.accounts.credentials.FirstPassword",
    "change_password": "syncd.accounts.credentials.NewPassword",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}  # codes of the second factor; passwords are axes' affair
SOCIALACCOUNT_ADAPTER = "syncd.accounts.oidc.Provider"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
MFA_ADAPTER = "syncd.accounts.adapters.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "syncd.accounts.credentials.Code",
    "reauthenticate": "syncd.accounts.credentials.CodeAgain",
    "activate_totp": "syncd.accounts.credentials.FirstCode",
    "add_webauthn": "syncd.accounts.passkeys.New",
    "authenticate_webauthn": "syncd.accounts.passkeys.SecondFactor",
    "login_webauthn": "syncd.accounts.passkeys.SignIn",
    "reauthenticate_webauthn": "syncd.accounts.passkeys.Again",
}
MFA_TOTP_TOLERANCE = 1  # half a minute of clock drift either way
MFA_RECOVERY_CODES_SHOW_ONCE = True

# Who guesses passwords: ten tries an account and address, then a quarter of an hour's rest.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # whoever goes on guessing does not keep the owner out
AXES_USERNAME_CALLABLE = "syncd.accounts.lockout.account_of"
AXES_CLIENT_IP_CALLABLE = "syncd.accounts.address.ip_of"
AXES_LOCKOUT_CALLABLE = "syncd.accounts.lockout.locked"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
