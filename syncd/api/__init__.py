"""The API: everything that the pages can do, for programs. ``docs/api.md`` tells how it is used."""
