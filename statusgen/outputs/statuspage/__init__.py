"""The public API of Atlassian Statuspage, version 2, as files, for programs that already read it.

The keys, their order and the forms of their values are those that Atlassian's own pages serve; `/api` on such a page
says what each document contains. Services are components, and groups are component groups. A service's channels have no
counterpart; they count through its status.
"""
