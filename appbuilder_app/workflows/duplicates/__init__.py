"""Duplicates: one child in several records. Finding them, the other agencies' lists they are found in, and the cases."""

from .agency_lists import AgencyListUnreadable as AgencyListUnreadable
from .agency_lists import keep_list as keep_list
from .agency_lists import lists as lists
from .agency_lists import remove_list as remove_list
from .court import Case as Case
from .court import Line as Line
from .court import case as case
from .court import cases as cases
from .court import decide as decide
from .court import undo as undo
from .finding import SUBJECT as SUBJECT
from .finding import Found as Found
from .finding import find as find
from .finding import found_in as found_in
from .opening import Opened as Opened
from .opening import open_cases as open_cases
from .searching import order as order
