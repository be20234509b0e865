"""Memory once everything is loaded: what loading left behind goes back to the system, what stays is not looked at again."""

import contextlib
import ctypes
import gc


def settle() -> None:
    """Collect, give free memory back (glibc; elsewhere that is left out), and take what lives out of later collections."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
