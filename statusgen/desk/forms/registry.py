"""The form of each kind."""

from collections.abc import Mapping

from statusgen.desk.forms.corrections import CORRECTION
from statusgen.desk.forms.ends import END
from statusgen.desk.forms.form import Form
from statusgen.desk.forms.languages import with_languages
from statusgen.desk.forms.new_posts import NOTICE, PLANNED_WORK, PROBLEM
from statusgen.desk.forms.pictures import with_pictures
from statusgen.desk.forms.small_updates import CONFIRM, PROMISE
from statusgen.desk.forms.translations import TRANSLATION
from statusgen.desk.forms.updates import UPDATE
from statusgen.desk.forms.waivers import WAIVER
from statusgen.desk.kinds import FormKind

_FORMS = {
    FormKind.PROBLEM: PROBLEM,
    FormKind.PLANNED_WORK: PLANNED_WORK,
    FormKind.NOTICE: NOTICE,
    FormKind.UPDATE: UPDATE,
    FormKind.CORRECTION: CORRECTION,
    FormKind.WAIVER: WAIVER,
    FormKind.END: END,
    FormKind.PROMISE: PROMISE,
    FormKind.CONFIRM: CONFIRM,
}

FORMS: Mapping[FormKind, Form] = {
    **{kind: with_languages(with_pictures(form)) for kind, form in _FORMS.items()},
    FormKind.TRANSLATION: TRANSLATION,
}
