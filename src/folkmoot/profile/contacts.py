"""How to reach somebody, as it stands within a text: one rule for what reading takes out and what staff are told."""

from __future__ import annotations

import re

#: What stands in the place of an address or a number.
REMOVED = "[...]"
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: With the code of a country; with a leading nought; or in groups as in North America.
PHONE = re.compile(
    r"(?<![\d.,-])(?:\+|00)[1-9](?:[\s()./-]{0,2}\d){7,13}\b"
    r"|(?<![\w,-])(?<!\d\.)(?:\(?0[1-9]\d{1,4}\)?[\s/-]{0,3}\d(?:[\s/-]?\d){4,9}"
    r"|(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4})(?![\w-])"
)


def without_contacts(text: str) -> str:
    """A text without the e-mail addresses and phone numbers in it.

    >>> without_contacts("Write to ann.lee@town.example, or call +49 151 2345678 by 2030-12-31.")
    'Write to [...], or call [...] by 2030-12-31.'
    >>> without_contacts("Rufen Sie mich an: 0171 2345678."), without_contacts("Ring (270) 555-0143 after 0.171 miles")
    ('Rufen Sie mich an: [...].', 'Ring [...] after 0.171 miles')
    """
    return PHONE.sub(REMOVED, EMAIL.sub(REMOVED, text))
