"""Requests (คำขอ): one side asks, others answer or decide; each side has its own copy of what it may know.

A kind says in ``handles`` what its approval does. How to add one: docs/developers/requests.md. All verbs lock the
request first, so of two who settle it at once exactly one does, and the other is told (RequestSettled).

kinds says what is particular about each kind, opening and joining bring requests and sides in, permitting says who may
take which step, steps takes it, writing puts it into every side's copy, reading shows them.
"""

from __future__ import annotations

from .joining import bring as bring
from .joining import held_unsettled as held_unsettled
from .joining import join as join
from .joining import reading_facts as reading_facts
from .joining import unsettled_about as unsettled_about
from .kinds import SUBJECT as SUBJECT
from .kinds import Decision as Decision
from .kinds import Handling as Handling
from .kinds import handles as handles
from .kinds import handling as handling
from .opening import New as New
from .opening import Side as Side
from .opening import open_found as open_found
from .opening import open_request as open_request
from .opening import tell as tell
from .permitting import VERBS as VERBS
from .permitting import refusal_of as refusal_of
from .reading import MOST_SHOWN as MOST_SHOWN
from .reading import Inbox as Inbox
from .reading import Seen as Seen
from .reading import file_of as file_of
from .reading import inbox as inbox
from .reading import seen as seen
from .reading import unfinished as unfinished
from .steps import approve as approve
from .steps import attach as attach
from .steps import comment as comment
from .steps import note as note
from .steps import object_to as object_to
from .steps import refuse as refuse
from .steps import reopen as reopen
from .steps import resend as resend
from .steps import send_back as send_back
from .steps import take_note as take_note
from .steps import withdraw as withdraw
from .writing import LONGEST_TEXT as LONGEST_TEXT
from .writing import Evidence as Evidence
