"""The command line: parse, make one call into the loop, render."""
