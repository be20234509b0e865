"""`python -m benchmarks.serving.ours MODEL`: our chat server, exactly as bot.server starts it, with the model of a benchmark."""

import sys
from pathlib import Path

from bot import server


def main() -> int:
    """Serve until stopped."""
    path = Path(sys.argv[1])
    server.model_path = lambda: path
    return server.main()


if __name__ == "__main__":
    sys.exit(main())
