"""A last look at every file, as its readers will read it, before the site takes the place of the old one.

Nothing here uses what made the files: no template, no sentence, no writer of a format. A mistake there is to be
found here, and not to be made twice.
"""
