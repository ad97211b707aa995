"""Characters that no text needs."""

import re

# Control characters but for tab and line ends, and halves of surrogate pairs; PostgreSQL can store neither
# NUL nor a lone surrogate.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
