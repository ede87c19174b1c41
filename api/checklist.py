"""The content standard of one revision: what a machine found, what people ticked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.service import Service
from api.similar import find_similar
from api.web.outcomes import outcome_words
from codify.duplicates import Verdict as Likeness
from codify.hyperlinks import Known, Verdict, anchors_of, find_links, judge, target_of
from codify.link_targets import known_targets
from codify.standard import DECIDED_BY_MACHINE, Draft, Remark, TriedLink, remarks_on
from kb.article import Article, ArticleView
from kb.article.checklist import ChecklistTick, ticked_items
from kb.article.composed import revision_text
from kb.errors import Unavailable
from kb.hyperlink import known_hyperlinks
from kb.visibility import Visibility
from kb.vocabulary import ContentItem


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """An item of the content standard.

    Attributes:
        remarks: what a machine found against it.
        by_machine: whether a machine says that it is met; None: that is for a person to say.
        tick: what a person said.
    """

    item: ContentItem
    remarks: Sequence[Remark]
    by_machine: bool | None
    tick: ChecklistTick | None

    @property
    def is_met(self) -> bool | None:
        """What a person said, else what the machine says."""
        return self.by_machine if self.tick is None else self.tick.is_met


def checklist_of(
    service: Service, *, view: ArticleView, visibility: Visibility, base_url: str | None
) -> list[CheckedItem]:
    """Every item, for the revision of `view`.

    Args:
        visibility: the caller's: nothing else is named as a twin.
        base_url: where the installation's own links begin.
    """
    article, revision = view.article, view.revision
    draft = Draft(
        language=article.language,
        title=revision.title,
        resolution=revision.resolution,
        environment=revision.environment,
        cause=revision.cause,
        issue=tuple(article.issue),
        has_owner=article.owner_id is not None or article.owner_team_id is not None,
        has_topic=bool(article.tags or article.products),
        is_verified_again=article.verify_every_days is not None,
    )
    twins = _twins(service, view, draft, visibility)
    with service.database.reading() as session:
        links = _tried_links(session, article, revision_text(revision, article.language), draft, base_url)
        ticks = ticked_items(session, revision_id=revision.id)
    remarks = remarks_on(draft, analyzer=service.search.counter.analyzer, twins=twins or (), links=links)
    items = []
    for item, found in remarks.items():
        is_decided = item in DECIDED_BY_MACHINE and not (item is ContentItem.UNIQUE and twins is None)
        by_machine = False if found else (True if is_decided else None)
        items.append(CheckedItem(item, found, by_machine, ticks.get(item)))
    return items


def _twins(service: Service, view: ArticleView, draft: Draft, visibility: Visibility) -> list[str] | None:
    """Titles of what says the same; None where searches do not work just now."""
    text = "\n".join([*draft.issue, draft.resolution])
    try:
        found = find_similar(
            service, title=draft.title, text=text, visibility=visibility, exclude_id=view.article.id
        )
    except Unavailable:
        return None
    return [one.hit.title for one in found if one.comparison.verdict is Likeness.DUPLICATE]


def _tried_links(
    session: Session, article: Article, text: str, draft: Draft, base_url: str | None
) -> list[TriedLink]:
    placed = [(field, link) for field, words in draft.fields for link in find_links(words)]
    targets = {
        link.address: target_of(link.address, article_id=article.id, base_url=base_url) for _, link in placed
    }
    there = known_targets(session, article, list(targets.values()))
    # Its own headings are those of this revision, released or not.
    known = Known({**there.articles, article.id: anchors_of(text)}, there.attachments, there.origins)
    last = known_hyperlinks(session, article_id=article.id)
    tried = []
    for field, link in placed:
        verdict = judge(targets[link.address], known)
        if verdict.is_broken is None and link.address in last:
            verdict = Verdict(last[link.address].is_broken, last[link.address].outcome)
        fa, en = outcome_words(verdict.outcome, "fa"), outcome_words(verdict.outcome, "en")
        tried.append(TriedLink(field, link, verdict, f"این پیوند: {fa}.", f"This link: {en}."))
    return tried
