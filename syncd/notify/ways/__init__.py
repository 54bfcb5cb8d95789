"""The ways by which a message leaves, and how that can end. A way sends one message once, and says what came of it."""


class NotSent(Exception):
    """It surely did not arrive. It may be tried again."""


class Refused(NotSent):
    """The other side will not have it, now or later."""


class NotConfigured(NotSent):
    """There is nothing to send it by; the message says what to write into ``syncd.yaml``. No attempt was made."""


class Unclear(Exception):
    """It may have arrived or not."""
