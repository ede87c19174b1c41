"""Routers: parse, call one verb, answer."""

from api.routes import (
    article_links,
    article_moves,
    articles,
    audit,
    checks,
    conversations,
    findings,
    flags,
    health,
    index,
    interviews,
    jobs,
    keys,
    links,
    notes,
    reviews,
    search,
    session,
    sources,
    upkeep,
    users,
)

ROUTERS = tuple(
    module.router
    for module in (
        search,
        links,
        interviews,
        articles,
        article_links,
        article_moves,
        reviews,
        checks,
        findings,
        flags,
        upkeep,
        sources,
        notes,
        conversations,
        jobs,
        session,
        users,
        keys,
        audit,
        index,
        health,
    )
)
