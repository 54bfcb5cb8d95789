"""Jira: issues of a site, Cloud or Data Center."""
