"""An example website of a zone, on an origin of its own, with the chat embedded as a real site would."""
