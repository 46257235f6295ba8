"""`python -m paperdesk.cli`, the same as `paperdesk`."""

from paperdesk.cli import main

main()
