"""What is made of the Board when somebody asks for it, and is not part of the site."""
