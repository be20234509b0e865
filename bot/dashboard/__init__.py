"""The staff dashboard: released figures behind a login, in a process of its own. Knows neither Rasa nor the actions.

What it can read is what may be known to all its readers: it has no way to a conversation or to a running count.
"""
