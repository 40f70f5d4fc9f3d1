"""How customers buy and leave: the models, their fit, and which of them foretold the past best."""
