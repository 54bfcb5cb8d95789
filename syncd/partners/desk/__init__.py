"""What partners write: sessions, visits, and what they say. The only tables that the partner side can write to."""
