"""Images beside the posts: that they are what their names say, and safe to show."""
