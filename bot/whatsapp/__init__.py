"""The edge to Meta: signature, payloads, what can be sent, sending, what its errors mean.

Nothing here knows conversations or the database; see `bot/conversations/`.
"""
