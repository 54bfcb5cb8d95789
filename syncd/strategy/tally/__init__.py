"""Daily tallies: how much work there was on a day, and what it served. Pages and charts read these and no items.

    making → one GROUP BY over the work of now, written as today's rows when judging settles
    past → weeks before the first day, reckoned once from what is decided today
    keeping → how long days are kept
    reading → sums of rows by whatever a page asks for, in one query
    intervals → shares with what is not known said beside them

A day that is over stays as it was tallied: an item that is judged late corrects today alone. Days are those of UTC,
as in the checks on goals.
"""
