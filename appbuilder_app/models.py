"""The index of the whole schema, in the order of reading: what lives in ``schema/`` and which classes it holds.

The order counts: it is the order of the navigation, of the rights matrix and of the start-up checks.
"""

# ruff: noqa: I001 - the order of reading, not of the alphabet

from __future__ import annotations

from .declaration import db
from .schema.accounts import Account, RoleOffer
from .schema.places import Area, School, SchoolOwned, SchoolRecord, SharedRecord
from .schema.school_basics import SchoolGrade, SchoolSite, ServiceVillage
from .schema.geography import District, Province, Subdistrict
from .schema.accounts import RoleTerms
from .schema.students import Student
from .schema.results import AdmissionPlan, LeftOver, PromotionShare, YearResult
from .schema.identities import GCode, NumberChange
from .schema.gcodes import GCodeApplication, GCodePaper, GCodeUser
from .schema.settings import Setting
from .schema.staff import StaffCount
from .schema.buildings import Building
from .schema.equipment import EquipmentCount, EquipmentItem
from .schema.technology import Computers, InternetLine, Network
from .schema.catalogues import BuildingPlan, EquipmentLine
from .schema.questionnaires import AnswerSheet, Question, Questionnaire
from .schema.rounds import CollectionRound, Window, round_label
from .schema.submissions import (
    Certificate,
    DirectorSignature,
    DocumentCounter,
    Headcount,
    Roster,
    SignedScan,
    Submission,
)
from .schema.civil import CivilInquiry
from .schema.duplicates import AgencyList, AgencyStudent, DuplicateRecord
from .schema.explanations import Explanation
from .schema.requests import Request, RequestParty, RequestStep
from .schema.movements import Movement
from .schema.growth import GrowthReference
from .schema.imports import ImportBatch, ImportLine, ImportRow
from .schema.views import SavedView
from .schema.history import Change
from .schema.history import HistorySeal
from .schema.jobs import Job
from .schema.keys import ApiKey
from .schema.cards import CardDevice, CardReading, PhotoConsent
from .schema.readers import Reader, ReaderHolding, ReaderLot, ReaderReceipt

__all__ = [
    "Account",
    "AdmissionPlan",
    "AgencyList",
    "AgencyStudent",
    "AnswerSheet",
    "ApiKey",
    "Area",
    "Building",
    "BuildingPlan",
    "CardDevice",
    "CardReading",
    "Certificate",
    "Change",
    "CivilInquiry",
    "CollectionRound",
    "Computers",
    "DirectorSignature",
    "District",
    "DocumentCounter",
    "DuplicateRecord",
    "EquipmentCount",
    "EquipmentItem",
    "EquipmentLine",
    "Explanation",
    "GCode",
    "GCodeApplication",
    "GCodePaper",
    "GCodeUser",
    "GrowthReference",
    "Headcount",
    "HistorySeal",
    "ImportBatch",
    "ImportLine",
    "ImportRow",
    "InternetLine",
    "Job",
    "LeftOver",
    "Movement",
    "Network",
    "NumberChange",
    "PhotoConsent",
    "PromotionShare",
    "Province",
    "Question",
    "Questionnaire",
    "Reader",
    "ReaderHolding",
    "ReaderLot",
    "ReaderReceipt",
    "Request",
    "RequestParty",
    "RequestStep",
    "RoleOffer",
    "RoleTerms",
    "Roster",
    "SavedView",
    "School",
    "SchoolGrade",
    "SchoolOwned",
    "SchoolRecord",
    "SchoolSite",
    "ServiceVillage",
    "Setting",
    "SharedRecord",
    "SignedScan",
    "StaffCount",
    "Student",
    "Subdistrict",
    "Submission",
    "Window",
    "YearResult",
    "db",
    "round_label",
]
