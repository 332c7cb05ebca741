"""The channel `smtp`: mail through a mail server that takes it on, one recipient at a time.

What the server says is read in `replies`; `dialogue` is talking to it, line by line, with a time limit on everything;
`connecting` gets in (TLS, EHLO, AUTH of `authenticating`); `channel` takes a message up to the line that ends it, and
`transaction` says that line. `options` is what the program file says, `pacing` how fast it goes.
"""
