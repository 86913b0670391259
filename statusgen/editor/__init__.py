"""What a writer says → lines of a post: the twin of reading. Nothing is written that reading would refuse."""
