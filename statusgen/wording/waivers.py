"""What does not apply for a while, and dates to act on."""

from statusgen.board.model.dates import UpcomingDate, WaiverStatus
from statusgen.model.waivers import Waiver
from statusgen.wording.spans import SpanPhrasing


class WaiverPhrasing(SpanPhrasing):
    """Says what is waived, and what a date is about."""

    def waiver(self, waiver: Waiver) -> str:
        """Return what is waived, from when until when, by whom, and how to get it."""
        _ = self.interface.gettext
        parts = [self.as_sentence(waiver.what) if waiver.what else self.end_sentence(waiver.id)]
        parts += self._waiver_time(waiver)
        if waiver.by:
            parts.append(self.format(_("Granted by: %(who)s."), who=self.phrase(waiver.by)))
        if waiver.how:
            automatic = waiver.how.texts[0][1].strip(" .").casefold() == "automatic"
            how = _("You don't need to request it.") if automatic else self.phrase(waiver.how)
            parts.append(how if automatic else self.format(_("How to get it: %(how)s."), how=how))
        return self.join(parts)

    def _waiver_time(self, waiver: Waiver) -> list[str]:
        _ = self.interface.gettext
        begins = self.time(waiver.begins) if waiver.begins else ""
        if waiver.until:
            return [self.span_sentence(waiver.begins or waiver.until, waiver.until)]
        if waiver.until_words:
            message = _("From %(first)s until %(words)s.")
            return [self.format(message, first=begins, words=self.phrase(waiver.until_words))]
        return [self.format(_("From %(first)s."), first=begins)]

    def waiver_summary(self, waiver: WaiverStatus) -> str:
        """Return what is waived, and until when."""
        what = [self.as_sentence(waiver.waiver.what)] if waiver.waiver.what else []
        return self.join([*what, *self._waiver_time(waiver.waiver)])

    def action(self, action: UpcomingDate) -> str:
        """Return what a date is about."""
        if action.is_waiver_end:
            return self.format(
                self.interface.gettext("Last day of this waiver: %(what)s."), what=self.phrase(action.what)
            )
        return self.as_sentence(action.what)
