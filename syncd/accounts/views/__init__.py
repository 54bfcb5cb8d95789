"""The pages about people: the way in, one's own account, everybody's."""
