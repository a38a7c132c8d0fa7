"""The only exception a person sees: one sentence, and the mend."""


class StackError(Exception):
    """Something outside the program keeps the stack from running.

    `str(error)` is complete: what is wrong, then what to do about it. It is printed as it is, without
    a traceback, because the reader operates a machine and does not read Python.
    """

    def __init__(self, sentence: str, mend: str) -> None:
        self.sentence = sentence
        self.mend = mend
        super().__init__(f"{sentence} {mend}".strip())
