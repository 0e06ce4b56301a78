"""What people keep: receipts, terms of agreement, letters of clearance, yearly declarations.

`facts` is what a document says, `words` how it says it, `contents` puts both in order, `paper`
draws them, `tokens` makes each provable. `service` reads the facts from billing's tables.
"""
