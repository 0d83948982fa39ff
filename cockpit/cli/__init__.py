"""The command line: one module a command family. Everything heavy is imported inside the command that needs it."""
