"""`python -m lbpsim.cli`."""

from lbpsim.cli import main

if __name__ == "__main__":
    main()
