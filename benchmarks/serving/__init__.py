"""Our serving beside that of stock Rasa: same sentences, rules, actions, machine and run. `python -m benchmarks.serving`."""
