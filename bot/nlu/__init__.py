"""Tools for trainers: are the examples sound, and what does the model make of unseen messages?

In our environment; what needs the model is asked of `bot/rasa_parse.py`, in Rasa's.
"""
