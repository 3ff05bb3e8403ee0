"""What a user can have done: each command reads, checks, simulates, writes its outputs and says what came of it.

Not here: words on a command line (`lbpsim.cli`), and what outputs look like (`lbpsim.report`).
"""
