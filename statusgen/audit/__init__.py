"""A final check of every file, as its readers will read it, before the new site replaces the old one.

Nothing here uses what made the files: no template, no sentence, no writer of a format. So a mistake made there is not
made here again, but found. All that both sides share is how a page marks a service and its status
(`statusgen.theme.marks`), and which characters hide words (`statusgen.text.hiding`).
"""
