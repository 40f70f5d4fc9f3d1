"""Judgement: beliefs held against evidence. Pure values and functions, without any table, file or clock."""
