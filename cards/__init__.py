"""Thai national ID cards through PC/SC: a card in a reader becomes a person's data, or a refusal in Thai.

    with CardReader() as reader:
        reading = reader.read(photo=True)
        print(reading.card.thai.first, reading.card.birth)

Needs neither Flask nor the register; only ``cards.pcsc`` needs pyscard (requirements-cards.txt).
"""

from __future__ import annotations

from .errors import CardError
from .person import Address, Card, CardDate, Name
from .reader import CardReader, Reading

__all__ = ["Address", "Card", "CardDate", "CardError", "CardReader", "Name", "Reading"]
