"""The copy for programs that hold no cookie: Atom, JSON Feed and iCalendar, behind a secret address of their own."""
