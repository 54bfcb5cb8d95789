"""The ways in: a link in a letter, a share link, the partner's own identity provider; and who is inside."""
