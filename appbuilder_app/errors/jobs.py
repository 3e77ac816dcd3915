"""Work in the background."""

from __future__ import annotations

from .base import RuleViolation


class JobUnknown(RuleViolation):
    """No such job of this person; an old one may have been cleaned away."""

    message = "ไม่พบงานนี้ อาจถูกลบไปแล้วเพราะเก่าเกินกำหนด กรุณาสั่งงานใหม่"
    status = 404


class JobSettled(RuleViolation):
    """A job in this state cannot be cancelled, or tried again, any more."""

    message = "งานนี้{state} จึงทำรายการนี้ไม่ได้ กรุณาโหลดหน้าใหม่เพื่อดูสถานะล่าสุด"
    status = 409


class JobCancelled(RuleViolation):
    """The owner has cancelled the job; what its last step has committed stays, the rest is given up."""

    message = "ยกเลิกแล้ว"
    status = 409


class JobOwnerGone(RuleViolation):
    """The account that ordered the job was switched off before its turn came."""

    message = "บัญชีของผู้สั่งงานถูกปิดใช้งานแล้ว จึงไม่ทำงานนี้ หากยังต้องการ ให้ผู้มีสิทธิ์สั่งงานใหม่"
    status = 403


class JobGivenUp(RuleViolation):
    """The program was stopped in the middle of this job again and again."""

    message = "งานนี้หยุดกลางคันหลายครั้งจึงเลิกทำ กรุณากด “ลองใหม่” หากยังไม่สำเร็จให้แจ้งผู้ดูแลระบบ"
    status = 500


class JobBroken(RuleViolation):
    """A fault of ours; the trace is in the log, never on the screen."""

    message = "ระบบขัดข้องระหว่างทำงานนี้ ข้อมูลที่ยังไม่เสร็จไม่ถูกบันทึก กรุณากด “ลองใหม่” หากยังไม่สำเร็จให้แจ้งผู้ดูแลระบบ"
    status = 500
