from tests.cli.conftest import acme, company

__all__ = ["acme", "company"]
