"""The public page on which anybody may ask whether a paper is genuine. No account, no names, few requests."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request, url_for
from flask_appbuilder import BaseView, expose

from forms.verification import CodeForm, FileForm

from ..workflows import printing, verification
from ..workflows.certificate_sheet import in_fours
from ..workflows.certificates import LARGEST_SCAN_MIB
from ..workflows.verification import FileStanding, Verdict

LARGEST = LARGEST_SCAN_MIB * 1024 * 1024


class VerifyView(BaseView):
    """Ask for a code, tell what is known of it, and compare a file with what was issued."""

    route_base = "/verify"

    @expose("/", methods=["GET", "POST"])
    def ask(self) -> Any:
        """The code is typed from the paper; a scanned square code leads straight to the answer, a file as well."""
        if request.files:
            return self._of_file()
        form = CodeForm(request.form)
        if request.method == "POST" and form.validate():
            return redirect(url_for("VerifyView.show", code=verification.read_code(form.code.data or "")))
        return self._asked(form), 422 if form.errors else 200

    @expose("/keys.pem")
    def keys(self) -> Response:
        """The certificates of the seals, with which a document is checked anywhere, without this system."""
        return Response(printing.seal_certificates(), mimetype="application/x-pem-file")

    def _of_file(self) -> Any:
        """Which document a file is, told by its own seal."""
        form = FileForm(request.files)
        if not form.validate():
            return self._asked(CodeForm(), file_form=form), 422
        data = form.file.data.read(LARGEST + 1)
        code = verification.code_in(data)
        verdict = verification.verify(code) if code else None
        if verdict is None:
            return self._asked(CodeForm(), altered=True), 422
        return self._shown(verdict, FileForm(), verification.file_standing(verdict, data))

    def _asked(self, form: CodeForm, unknown: str = "", altered: bool = False, file_form: Any = None) -> str:
        return str(
            self.render_template(
                "thabian/verification/ask.html",
                form=form,
                unknown=unknown,
                altered=altered,
                file_form=file_form or FileForm(),
                largest=LARGEST,
            )
        )

    @expose("/<code>", methods=["GET", "POST"])
    def show(self, code: str) -> Any:
        """Genuine or not, and whether it still holds; with a file, whether its bytes are the issued ones."""
        verdict = verification.verify(code)
        if verdict is None:
            form = CodeForm(data={"code": code[:40]})
            return self._asked(form, code[:40]), 404
        form, standing = FileForm(request.files), None
        if request.method == "POST" and form.validate():
            standing = verification.file_standing(verdict, form.file.data.read(LARGEST + 1))
        return self._shown(verdict, form, standing), 422 if form.errors else 200

    def _shown(self, verdict: Verdict, form: Any, standing: FileStanding | None) -> str:
        return str(
            self.render_template(
                "thabian/verification/show.html",
                verdict=verdict,
                sheet=verdict.sheet,
                code=in_fours(verdict.code),
                form=form,
                standing=standing,
                largest=LARGEST,
            )
        )
