"""Our Rasa components, one a file: what reads a message, and what decides how sure the assistant is."""
