"""The forms of the desk: what each of them asks, and the flags of the command that its answers become."""
