"""The desk: forms in a browser for people who know neither git nor a terminal. It plays the writer's commands."""
