"""How the list was made, what the page does not say, and how to check it."""

from __future__ import annotations

from markupsafe import Markup

from ...audits import Audit
from ...audits.public_records import Public
from ...profile import Slate
from ...profile.page_options import PageOptions
from ...slates.public.order import equal
from ...slates.public.safe import small
from ...slates.recorded import recorded
from ..compared import fitted, never_compared
from ..unchosen import unchosen
from ..words import clean
from .entries import Texts
from .kinds.base import Kind

#: The process that looks for agreement and for large groups at the same time.
ROBUST = "robust"


class Method:
    """The sentences on how a list was made.

    Args:
        slate: the slate with its record.
        public: the figures.
        kind: the words for what people did.
        options: what the publisher decided.
        texts: the texts that may be shown.
    """

    def __init__(self, slate: Slate, public: Public, kind: Kind, options: PageOptions, texts: Texts) -> None:
        self.slate, self.public, self.kind, self.options, self.texts = slate, public, kind, options, texts
        self.words = kind.words
        audit = recorded(slate).audit
        assert audit is not None
        self.audit: Audit = audit

    @property
    def demo(self) -> bool:
        """Whether the demo model stood for a language model: a trial run."""
        engine = recorded(self.slate).engine
        return engine is not None and bool(engine.more.get("demo"))

    @property
    def judged(self) -> bool:
        """Whether a language model wrote the statements; the demo model takes people's own sentences."""
        return not self.demo and (
            self.public.asked == "scores"
            or any(statement.provenance.kind == "generated" for statement in self.slate.statements)
        )

    @property
    def missing(self) -> bool:
        """Whether somebody did not say something of some statement of the list."""
        return self.kind.answered and (
            not self.kind.counts_people or any(one.all.unseen for one in self.public.statements)
        )

    @property
    def drawn(self) -> int:
        """How many times the missing answers were filled in."""
        draws = self.audit.certificate.draws
        return draws["slate"].draws if draws and "slate" in draws and self.kind.answered else 0

    # -- how it was made ----------------------------------------------------------------------------------------------

    def steps(self) -> list[Markup]:
        """The steps, in order."""
        found = [self._source(), self._choice(), self._estimated() if self._estimates else Markup()]
        found += [self._room(), self._aim(), self._by_hand(), self._overlooked()]
        return [step for step in found if step]

    def _estimated(self) -> Markup:
        """How what is not known was estimated; of comparisons also by which model, and how well that foresees them."""
        words = [self.kind.estimated()]
        if self.public.asked == "comparisons":
            words += filter(None, [fitted(self.slate, self.words), never_compared(self.slate, self.words)])
        return Markup(" ").join(map(Markup.escape, words))

    @property
    def _estimates(self) -> bool:
        return self.missing or not self.kind.answered

    def _source(self) -> Markup:
        w, p = self.words, self.public
        if self.kind.money:
            first = w.nmarkup("There was %(n)s project.", "There were %(n)s projects.", p.written)
        elif not self.kind.of_statements:
            first = w.nmarkup("There was %(n)s entry.", "There were %(n)s entries.", p.written)
        else:
            first = w.nmarkup("There was %(n)s statement.", "There were %(n)s statements.", p.written)
        words = [first]
        if p.published < p.written:
            words.append(
                w.nmarkup(
                    "The organisers published %(n)s of them.", "The organisers published %(n)s of them.", p.published
                )
            )
        words.append(Markup.escape(self.kind.could(p.typical)))
        return Markup(" ").join(words)

    def _choice(self) -> Markup:
        """What was left out of the choice, and why."""
        w, out = self.words, self.public.left_out or {}
        reasons = {
            "not_accepted": w.gettext("what moderation has not accepted"),
            "too_few_answers": w.gettext("what too few people answered"),
            "too_little_text": w.gettext("what has too few words"),
            "about_the_speaker": w.gettext("what only tells something about its writer"),
            "metadata": w.gettext("questions about the participants"),
            "said_better_elsewhere": w.gettext("second wordings of the same thing"),
            "too_long": w.gettext("what is too long"),
            "not_formed": w.gettext("what people have no settled opinion of"),
            "locked_out": w.gettext("what the organisers left out"),
            "without_words": w.gettext("what has no words"),
        }
        parts = [
            w.gettext("%(reason)s (%(n)s)", reason=text, n=number)
            for reason, text in reasons.items()
            if (number := int(out.get(reason, 0)))
        ]
        if not parts:
            return Markup()
        return w.nmarkup(
            "Left out of the choice: %(parts)s. %(n)s remained.",
            "Left out of the choice: %(parts)s. %(n)s remained.",
            self.public.free,
            parts="; ".join(parts),
        )

    def _room(self) -> Markup:
        w, p, slate = self.words, self.public, self.slate
        if not p.statements:
            return Markup()
        one = max(p.statements, key=lambda each: each.cost)
        words = [self.room()]
        weighted = p.by_weight is not None
        if slate.unit == "statements":
            if weighted:
                words.append(w.markup("Each needs an equal share of people, counted by their weight."))
            else:
                words += self._equal_need(one.need or 0)
        elif slate.unit == "cost":
            words.append(w.markup("Each project needs a share of the people that is as large as its share of that."))
        elif slate.unit == "characters":
            words.append(
                w.markup("Each statement needs a share of the people that is as large as its share of the characters.")
            )
        else:
            words.append(
                w.markup("Each statement needs a share of the people that is as large as its share of the words.")
            )
        currency = p.currency if slate.unit == "cost" else None
        if slate.unit != "statements" and not weighted and one.need and not small(one.need):
            words.append(
                w.markup(
                    "For example %(cost)s of %(budget)s, so %(need)s of %(n)s people.",
                    cost=w.money(one.cost, currency),
                    budget=w.money(slate.budget, currency),
                    need=one.need,
                    n=p.people,
                )
            )
        if p.left_over:
            words.append(w.markup("Nobody was counted for more than one."))
        else:
            words.append(w.markup("Everybody was counted for exactly one."))
        return Markup(" ").join(words)

    def _equal_need(self, need: int) -> list[Markup]:
        """How many people each statement needs; where the number of people cannot be divided, some stand for fewer."""
        w, n, budget = self.words, self.public.people, max(1, self.slate.budget)
        less = n // budget
        if small(need) or (need == less + 1 and n % budget and small(less)):
            return []
        if need == less + 1 and n % budget and less:
            return [
                w.markup(
                    "Each needs an equal share of the people: %(less)s or %(need)s of %(n)s.", less=less, need=need, n=n
                )
            ]
        return [w.markup("Each needs an equal share of the people: %(need)s of %(n)s.", need=need, n=n)]

    def room(self) -> Markup:
        """How much room there is."""
        w, budget = self.words, self.slate.budget
        if self.slate.unit == "statements" and not self.kind.of_statements:
            return w.nmarkup("The list has room for %(n)s entry.", "The list has room for %(n)s entries.", budget)
        if self.slate.unit == "statements":
            return w.nmarkup(
                "The list has room for %(n)s statement.", "The list has room for %(n)s statements.", budget
            )
        if self.slate.unit == "cost":
            return w.markup("There is %(n)s to spend.", n=w.money(budget, self.public.currency))
        if self.slate.unit == "characters":
            return w.nmarkup(
                "The page has room for %(n)s character.", "The page has room for %(n)s characters.", budget
            )
        spaceless = self.public.language in ("zh", "ja", "ko", "th")
        if spaceless:
            return w.nmarkup(
                "The page has room for %(n)s words; two characters count as a word.",
                "The page has room for %(n)s words; two characters count as a word.",
                budget,
            )
        return w.nmarkup("The page has room for %(n)s word.", "The page has room for %(n)s words.", budget)

    def _aim(self) -> Markup:
        if unchosen(self.slate):
            return self.words.markup("Nothing had to be chosen. A computer says here whom each stands for.")
        if recorded(self.slate).process.id == ROBUST or not self.kind.answered:
            return Markup.escape(self.kind.aim())
        if not recorded(self.slate).process.id:
            return self.words.markup("The list was put together by hand. A computer says here whom it stands for.")
        return self.words.markup("A computer chose the list by a published rule. The rule is named below.")

    def _by_hand(self) -> Markup:
        """What the organisers changed or fixed."""
        return Markup(" ").join(self._changed())

    def _changed(self) -> list[Markup]:
        w, words = self.words, []
        edited = sum(1 for statement in self.slate.statements if statement.original)
        if edited:
            words.append(
                w.nmarkup(
                    "The organisers changed the wording of %(n)s statement; what people answered stands below it.",
                    "The organisers changed the wording of %(n)s statements; what people answered stands below them.",
                    edited,
                )
            )
        fixed = len(recorded(self.slate).process.options.locked_in)
        if fixed:
            words.append(
                w.nmarkup(
                    "The organisers fixed %(n)s statement of the list beforehand.",
                    "The organisers fixed %(n)s statements of the list beforehand.",
                    fixed,
                )
            )
        return words

    def _interfered(self) -> list[Markup]:
        """Whatever somebody did to the list that a computer chose."""
        w, words = self.words, self._changed()
        out = len(set(recorded(self.slate).process.options.locked_out))
        if out:
            words.append(
                w.nmarkup(
                    "The organisers kept %(n)s statement out of the choice.",
                    "The organisers kept %(n)s statements out of the choice.",
                    out,
                )
            )
        hidden = len(set(self.options.hidden))
        if hidden:
            words.append(
                w.nmarkup(
                    "The publisher of this page hid the text of %(n)s statement.",
                    "The publisher of this page hid the texts of %(n)s statements.",
                    hidden,
                )
            )
        return words

    def _overlooked(self) -> Markup:
        w, draws = self.words, self.audit.certificate.draws
        known = not self.audit.certificate.known.violations
        if unchosen(self.slate):
            return w.markup("Was a large group left out? Nothing that could be chosen was left out.")
        if not self.kind.answered:
            return Markup.escape(self.kind.overlooked(known, self.missing))
        words = [Markup.escape(self.kind.overlooked(known, self.missing))]
        if self.missing and self.drawn and draws:
            n = self.drawn
            hit = round(draws["slate"].violated * n)
            words.append(self.kind.tries(n))
            if hit:
                words.append(
                    w.nmarkup(
                        "In %(n)s of the %(all)s tries, a group large enough for a statement of its own would rather "
                        "have had one that is not on the list.",
                        "In %(n)s of the %(all)s tries, a group large enough for a statement of its own would rather "
                        "have had one that is not on the list.",
                        hit,
                        all=n,
                    )
                )
            else:
                words.append(
                    w.nmarkup(
                        "In this try no such group was found.",
                        "In none of the %(n)s tries was there a group large enough for a statement of its own that "
                        "would rather have had one that is not on the list.",
                        n,
                    )
                )
            same = self.public.popular is not None and self.public.popular.same
            if "popular" in draws and not same:
                other = round(draws["popular"].violated * draws["popular"].draws)
                if other:
                    words.append(
                        w.markup(
                            "With a list of the most supported statements this happened in %(n)s of %(all)s.",
                            n=other,
                            all=draws["popular"].draws,
                        )
                    )
                else:
                    words.append(w.markup("With a list of the most supported statements this happened in none."))
                if draws["popular"].violated < draws["slate"].violated:
                    words.append(w.markup("On this count that list would do better."))
        return Markup(" ").join(words)

    def tech(self) -> Markup:
        """The one line for experts, and the only place for their words."""
        w, record, groups = self.words, recorded(self.slate), self.public.groups
        parts = [w.gettext("balanced justified representation with costs (cBJR)")]
        if record.process.id:
            parts.append(w.gettext("process “%(id)s”", id=clean(record.process.id)))
        if record.engine.model and record.engine.model != "none":
            parts.append(w.gettext("unseen answers from the model “%(id)s”", id=clean(record.engine.model)))
        if groups.groups and groups.silhouette is not None:
            parts.append(
                w.gettext(
                    "groups from %(how)s, of people with at least %(n)s answers, silhouette on the map of opinions "
                    "%(value)s",
                    how=w.recorded(groups.how),
                    n=groups.least,
                    value=w.decimal(groups.silhouette, 2),
                )
            )
        return w.markup("For experts: %(parts)s.", parts="; ".join(parts))

    def short(self) -> Markup:
        """The method in a few lines, for the first page in print."""
        w, p = self.words, self.public
        words = [self.room(), w.markup("Every group of people gets its share of that room.")]
        if not equal(p) and p.by_weight is None:
            one = max(p.statements, key=lambda each: each.cost)
            if self.slate.unit == "words":
                words.append(
                    w.nmarkup(
                        "A statement of %(n)s word needs %(need)s people.",
                        "A statement of %(n)s words needs %(need)s people.",
                        one.cost,
                        need=one.need or 0,
                    )
                )
        if unchosen(self.slate):
            words.append(w.markup("Nothing had to be chosen."))
        elif not recorded(self.slate).process.id:
            words.append(w.markup("It was put together by hand."))
        elif (changed := self._interfered()) or self.judged:
            words += [w.markup("A computer chose the list."), *changed]
        else:
            words.append(w.markup("A computer chose the list; nobody edited it."))
        if self.missing and 2 * p.typical < p.published and self.kind.counts_people:
            words.append(w.markup("Most people have not answered most statements, so part of this is an estimate."))
        words.append(w.markup("Next pages: all numbers, method, limits."))
        return Markup(" ").join(words)
