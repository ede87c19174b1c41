"""What the desk has beside what is written: people, keys, reviews, checks, findings, flags, links, files."""

from typing import Any

from sqlalchemy.orm import Session

from cli.proving.plant_articles import widest
from cli.proving.planted import Bed, Reach, Thing
from cli.proving.sowing import Garden, place_of, thing
from kb.api_key import create_key
from kb.article import Article
from kb.article.attachment import Attachment, AttachmentBlob
from kb.article.review import request_changes, request_review
from kb.article.template import ArticleTemplate
from kb.clock import new_id, utc_now
from kb.finding import FindingDraft, keep_findings, list_findings
from kb.flag import Flag
from kb.hyperlink import Tried, keep_hyperlinks
from kb.link import Link
from kb.reminder import Reminder
from kb.team import create_team
from kb.user import create_user
from kb.visibility import EVERYTHING, OPERATOR
from kb.vocabulary import Audience, FindingKind, FlagReason, FlagState, Language, OriginKind, Role, Scope


def plant_desk(garden: Garden) -> None:
    """Around the articles that are there already."""
    articles = list(garden.world.of_kind("article"))
    with garden.database.transaction() as session:
        for article in articles:
            _flag(session, garden, article)
            bed = garden.bed()
            if article.reach is Reach.SERVED and "merged" not in article.label:
                _link(session, garden, bed, article)
            if article.label.startswith("released"):
                _hyperlink(session, bed, article)
            _attachment(session, garden, bed, article)
            if article.label.startswith("revised"):
                _review(session, bed, article)
            bed.join(article)
        _findings(session, garden, [one for one in articles if one.label.startswith("released")])
        _people_and_keys(session, garden)
        _template(session, garden)
        _reminder(session, garden)


def _flag(session: Session, garden: Garden, article: Thing) -> None:
    bed = garden.bed()
    flag = Flag(
        id=new_id(),
        origin_kind=OriginKind.ARTICLE,
        origin_id=article.id,
        revision_id=None,
        reason=FlagReason.WRONG,
        text=f"این‌جا {bed.sow('the text', Reach.DESK)} نادرست است.",
        query=bed.sow("the query", Reach.DESK),
        state=FlagState.OPEN,
        raised_by="operator",
        person_id=None,
        raised_at=utc_now(),
        taken_by=None,
        taken_at=None,
        closed_by=None,
        closed_at=None,
        outcome=bed.sow("the outcome", Reach.DESK),
    )
    session.add(flag)
    bed.claim(thing("flag", flag.id, f"flag on the {article.label}", place_of(article), Reach.DESK))


def _link(session: Session, garden: Garden, bed: Bed, article: Thing) -> None:
    revision_id = session.get_one(Article, article.id).released_revision_id
    assert revision_id is not None
    link = Link(
        id=new_id(),
        article_id=article.id,
        revision_id=revision_id,
        actor="operator",
        person_id=None,
        case_ref=bed.sow("the case of a link", Reach.DESK, latin_only=True),
        query=f"{bed.sow('the query of a link', Reach.DESK)} چطور درست می‌شود؟",
        linked_at=utc_now(),
    )
    session.add(link)
    garden.world.extra[article.id, "link_id"] = link.id


def _hyperlink(session: Session, bed: Bed, article: Thing) -> None:
    address = f"https://example.com/{bed.sow('a broken link', Reach.DESK, latin_only=True)}"
    tried = Tried(address, is_broken=True, outcome="404", tried_at=utc_now())
    keep_hyperlinks(session, article_id=article.id, tried=[tried])


def _attachment(session: Session, garden: Garden, bed: Bed, article: Thing) -> None:
    """A file; where the article is not served, the file is the desk's."""
    reach = Reach.SERVED if "merged" not in article.label else Reach.DESK
    reach = reach if article.reach is Reach.SERVED else Reach.DESK
    data = f"یادداشت پیوست: {bed.sow('an attachment', reach)}".encode()
    sha256 = new_id().replace("-", "").ljust(64, "0")
    session.add(AttachmentBlob(sha256=sha256, data=data))
    session.flush()
    attachment = Attachment(
        id=new_id(),
        article_id=article.id,
        filename=f"{bed.sow('the name of an attachment', reach, latin_only=True)}.txt",
        media_type="text/plain",
        sha256=sha256,
        size_bytes=len(data),
        created_by=None,
        created_at=utc_now(),
    )
    session.add(attachment)
    garden.world.extra[article.id, "attachment_id"] = attachment.id


def _review(session: Session, bed: Bed, article: Thing) -> None:
    request_review(session, caller=OPERATOR, article_id=article.id, expected_version=None)
    request_changes(
        session,
        caller=OPERATOR,
        article_id=article.id,
        expected_version=None,
        comment=f"بخش {bed.sow('the comment of a review', Reach.DESK)} را روشن‌تر بنویسید.",
    )
    # And once more: the queue must not be empty.
    request_review(session, caller=OPERATOR, article_id=article.id, expected_version=None)


def _findings(session: Session, garden: Garden, articles: list[Thing]) -> None:
    """Each between an article and the one for everybody: only who sees both may see it."""
    common = widest(garden)
    drafts, beds = [], []
    for article in articles:
        if article is common:
            continue
        bed = garden.bed()
        data: dict[str, Any] = {
            "left": [{"sentence": f"هزینهٔ {bed.sow('a sentence', Reach.DESK)} صد تومان است.", "fact": "100"}],
            "right": [
                {"sentence": f"هزینهٔ {bed.sow('a sentence', Reach.DESK)} دویست تومان است.", "fact": "200"}
            ],
            "reasons": [dict.fromkeys(("fa", "en"), bed.sow("a reason", Reach.DESK))],
            "shared": [bed.sow("a shared word", Reach.DESK)],
        }
        sides = (OriginKind.ARTICLE, article.id), (OriginKind.ARTICLE, common.id)
        draft = FindingDraft(FindingKind.CONTRADICTION, *sides, score=0.9, data=data)
        drafts.append(draft.ordered())
        beds.append((bed, article))
    keep_findings(session, found=drafts, now=utc_now())
    kept = list_findings(session, caller=OPERATOR, caller_visibility=EVERYTHING, limit=200).items
    by_fingerprint = {one.fingerprint: one.id for one in kept}
    for draft, (bed, article) in zip(drafts, beds, strict=True):
        id = by_fingerprint[draft.fingerprint]
        bed.claim(thing("finding", id, "contradiction", place_of(article), Reach.DESK))


def _people_and_keys(session: Session, garden: Garden) -> None:
    bed = garden.bed()
    team = create_team(session, caller=OPERATOR, name=bed.sow("the name", Reach.DESK))
    bed.claim(thing("team", team.id, "team", None, Reach.DESK))
    bed = garden.bed()
    user = create_user(
        session,
        caller=OPERATOR,
        login=bed.sow("the login", Reach.ADMIN, latin_only=True),
        name=bed.sow("the name", Reach.DESK),
        role=Role.AGENT,
        email=f"{bed.sow('the address', Reach.ADMIN, latin_only=True)}@example.com",
        teams=[team.name],
    )
    bed.claim(thing("user", user.id, "person", None, Reach.DESK))
    bed = garden.bed()
    key = create_key(
        session,
        caller=OPERATOR,
        name=bed.sow("the name", Reach.ADMIN),
        scopes=[Scope.SEARCH],
        audience_ceiling=Audience.INTERNAL,
    ).key
    bed.claim(thing("key", key.id, "API key", None, Reach.ADMIN))


def _reminder(session: Session, garden: Garden) -> None:
    """What waits for one person is that person's alone."""
    bed = garden.bed()
    named = {"kind": "article", "id": widest(garden).id, "title": bed.sow("a title", Reach.OWNER)}
    reminder = Reminder(
        id=new_id(),
        person_id=garden.author.id,
        day=utc_now().date(),
        data={"due": {"count": 1, "first": [named]}},
        created_at=utc_now(),
        seen_at=None,
        mailed_at=None,
    )
    session.add(reminder)
    bed.claim(thing("reminder", reminder.id, "reminder", None, Reach.OWNER, owner=garden.author.id))


def _template(session: Session, garden: Garden) -> None:
    bed = garden.bed()
    now = utc_now()
    template = ArticleTemplate(
        id=new_id(),
        name=bed.sow("the name", Reach.DESK),
        language=Language.PERSIAN,
        title=bed.sow("the title", Reach.DESK),
        environment="",
        resolution=bed.sow("the resolution", Reach.DESK),
        cause="",
        tags=[],
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(template)
    bed.claim(thing("template", template.id, "template", None, Reach.DESK))
