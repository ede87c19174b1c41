"""Routers: parse, call one verb, answer."""

from api.routes import (
    article_moves,
    article_parts,
    articles,
    audit,
    checks,
    conversations,
    findings,
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
    templates,
    users,
)

ROUTERS = tuple(
    module.router
    for module in (
        search,
        links,
        interviews,
        articles,
        article_moves,
        article_parts,
        reviews,
        templates,
        checks,
        findings,
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
