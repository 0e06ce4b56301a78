"""Are the words for debtors fit to be said? `combinado words lint` reads all of them.

What is said is written in `domain.yml`, `policies/` and the templates of pages; rules are here.
"""
