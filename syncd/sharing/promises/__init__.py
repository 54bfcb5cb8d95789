"""Commitments of both sides: accepted, changed by proposals that somebody decides, removed with a reason."""

from syncd.sharing.promises.answering import DECISIONS, answer, settle
from syncd.sharing.promises.deciding import SUBJECTS, accept, acknowledge, decline, propose, remove, words_of
from syncd.sharing.promises.following import follow
from syncd.sharing.promises.rows import heard, let_go
from syncd.sharing.promises.telling import tell

__all__ = [
    "DECISIONS",
    "SUBJECTS",
    "accept",
    "acknowledge",
    "answer",
    "decline",
    "follow",
    "heard",
    "let_go",
    "propose",
    "remove",
    "settle",
    "tell",
    "words_of",
]
