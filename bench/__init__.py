"""The benchmark: `make bench` prints the figures of the README, measured in one run.

Nothing here is a test and nothing fails for being slow; a machine that is busy or small
gives other figures, so what counts is the ratio to a stock Rasa bot in the same run.
"""
