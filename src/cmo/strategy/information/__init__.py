"""What it is worth to know more before deciding: the value of tests, from the draws decided on."""
