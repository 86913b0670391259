"""From updates to the people who asked to be told of them: once each, with a record of what was sent where."""
