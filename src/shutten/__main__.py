"""`python -m shutten` is the command `shutten`."""

from shutten.cli import main

if __name__ == "__main__":
    main()
