"""The command line ``hrdd``: each module of this package is the command that it is named after."""
