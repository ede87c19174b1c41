"""The formats that knowledge leaves and comes in: bytes in, values out and the other way round, no session.

Here because formats read hostile files with the same care as conversion does, and because the command line
and the workers both need them, while the service that answers requests never does.
"""
