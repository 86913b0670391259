"""Site + moment → Board: what is true then, for a resident."""
