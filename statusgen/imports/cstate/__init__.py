"""cState, a theme of Hugo: https://github.com/cstate/cstate."""
