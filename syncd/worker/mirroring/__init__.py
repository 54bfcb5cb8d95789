"""One turn at one place that holds a partner's copy, in its parts."""
