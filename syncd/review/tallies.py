"""How much each rule and check finds, counted in the database: no row comes here."""

from syncd.trackers import bulk


def matches() -> dict[str, int]:
    """Rule -> how many items it matches now."""
    if bulk.SQLITE:
        return dict(
            bulk.fetch(
                """SELECT json_extract(trial.value, '$.rule'), COUNT(*)
                FROM strategy_decision decision, json_each(decision.explanation, '$.trials') trial
                WHERE json_extract(trial.value, '$.matched') = 1 GROUP BY 1"""
            )
        )
    return dict(
        bulk.fetch(
            """SELECT trial ->> 'rule', COUNT(*)
            FROM strategy_decision decision, jsonb_array_elements(decision.explanation::jsonb -> 'trials') trial
            WHERE trial -> 'matched' = 'true' GROUP BY 1"""
        )
    )


def findings() -> dict[str, int]:
    """Kind of finding -> how many items it is found on, those that are counted and not shown among them."""
    first = "SUBSTR(fingerprint, 1, INSTR(fingerprint, '|') - 1)" if bulk.SQLITE else "SPLIT_PART(fingerprint, '|', 1)"
    return dict(bulk.fetch(f"SELECT {first}, COUNT(*) FROM review_finding GROUP BY 1"))  # noqa: S608
