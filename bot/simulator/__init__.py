"""The simulator: Meta's Cloud API and the customers' phones, in one demo process.

It speaks only the Cloud API's contract, signed webhooks out and `/messages` in, and knows
nothing else of the house. `bot.simulator.app` says how to use it.
"""
