"""Pictures of the posts and the logo: whether they are what their names say, and safe to show."""
