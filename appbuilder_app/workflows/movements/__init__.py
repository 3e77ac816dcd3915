"""Movements: who is where, in which class, under which name; nothing else changes that (R19–R25, R33–R49).

Every verb holds the round open, the schools unlocked and the student's row alone, in this order, before it looks;
so of two who move one student exactly one does. What moves is written past the mapper, because a transfer
belongs to two schools, with its history and a ``Movement`` for each school concerned.
"""

from __future__ import annotations

from .coming import Coming as Coming
from .coming import Court as Court
from .coming import Place as Place
from .coming import add as add
from .coming import case_is_decided as case_is_decided
from .coming import doubles_go_to as doubles_go_to
from .coming import take_back as take_back
from .coming import transfer_in as transfer_in
from .finding import Child as Child
from .finding import find as find
from .finding import recognise as recognise
from .holding import END_OF_YEAR as END_OF_YEAR
from .holding import MOST_AT_ONCE as MOST_AT_ONCE
from .holding import SUBJECT as SUBJECT
from .holding import window_refusal as window_refusal
from .leaving import Leaving as Leaving
from .leaving import ask_to_leave as ask_to_leave
from .leaving import enrolled_nowhere as enrolled_nowhere
from .leaving import transfer_out as transfer_out
from .staying import Identity as Identity
from .staying import Names as Names
from .staying import change_class as change_class
from .staying import change_classes as change_classes
from .staying import correct_identity as correct_identity
from .staying import rename as rename
from .staying import renumber as renumber
from .staying import require_class as require_class
from .staying import take_from_card as take_from_card
from .undoing import decided as decided
from .undoing import held_together as held_together
from .undoing import take_decided_back as take_decided_back
from .undoing import undo as undo
from .writing import Changed as Changed
from .writing import Told as Told
from .writing import record_many as record_many
