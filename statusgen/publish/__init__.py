"""From the folder of a built site to the places where residents see it.

`built_site` is what is to be sent, `plan` what of it a target lacks, and in which order it goes; `send` does that for
any target. There is a module for each kind of target. `read_back` looks at what residents then see.
"""
