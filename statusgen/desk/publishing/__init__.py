"""What happens after "Publish now": a program of its own that goes on when the window, or the desk, is closed."""
