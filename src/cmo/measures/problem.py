"""What goes wrong because of what was given, said in one sentence."""


class Problem(Exception):  # noqa: N818 - the user's word for it, and it is shown to them as such
    """One or more clear sentences for the person who gave the input: where, what was expected, what to do.

    Attributes:
        sentences: One sentence for each thing that is wrong, in the order of the input.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences
