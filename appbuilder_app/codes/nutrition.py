"""Code lists of nutrition (domain: the Department of Health's three indices [public]); codes are our own."""

from __future__ import annotations

from .codelist import CodeList


class GrowthIndex(CodeList, noun="ดัชนีการเจริญเติบโต"):
    """Which measure is judged against which."""

    WEIGHT_FOR_AGE = "wfa", "น้ำหนักตามเกณฑ์อายุ", "Weight for age", "น้ำหนัก/อายุ"
    HEIGHT_FOR_AGE = "hfa", "ส่วนสูงตามเกณฑ์อายุ", "Height for age", "ส่วนสูง/อายุ"
    WEIGHT_FOR_HEIGHT = "wfh", "น้ำหนักตามเกณฑ์ส่วนสูง", "Weight for height", "น้ำหนัก/ส่วนสูง"


class WeightForAge(CodeList, noun="ระดับน้ำหนักตามเกณฑ์อายุ"):
    """Below −2, below −1.5, up to +1.5, up to +2 SD, above."""

    LOW = "low", "น้ำหนักน้อย", "Low weight"
    LOWER = "lower", "น้ำหนักค่อนข้างน้อย", "Rather low weight", "ค่อนข้างน้อย"
    USUAL = "usual", "น้ำหนักตามเกณฑ์", "Usual weight", "ตามเกณฑ์"
    HIGHER = "higher", "น้ำหนักค่อนข้างมาก", "Rather high weight", "ค่อนข้างมาก"
    HIGH = "high", "น้ำหนักมาก", "High weight"


class HeightForAge(CodeList, noun="ระดับส่วนสูงตามเกณฑ์อายุ"):
    """Below −2, below −1.5, up to +1.5, up to +2 SD, above."""

    SHORT = "short", "เตี้ย", "Short"
    SHORTER = "shorter", "ค่อนข้างเตี้ย", "Rather short"
    USUAL = "usual", "สูงตามเกณฑ์", "Usual height"
    TALLER = "taller", "ค่อนข้างสูง", "Rather tall"
    TALL = "tall", "สูง", "Tall"


class WeightForHeight(CodeList, noun="ระดับน้ำหนักตามเกณฑ์ส่วนสูง"):
    """Below −2, below −1.5, up to +1.5, up to +2, up to +3 SD, above."""

    THIN = "thin", "ผอม", "Thin"
    THINNER = "thinner", "ค่อนข้างผอม", "Rather thin"
    IN_SHAPE = "shape", "สมส่วน", "In shape"
    PLUMP = "plump", "ท้วม", "Plump"
    BEGINNING_OBESITY = "obese1", "เริ่มอ้วน", "Beginning obesity"
    OBESE = "obese", "อ้วน", "Obese"
