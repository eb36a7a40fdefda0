"""Imported before nbformat, this saves a second at each start of a program.

nbformat loads jsonschema, which builds a parser of addresses in all alphabets, for formats that no notebook names.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
