"""What several people wrote, brought together in git; and the last change, taken back."""
