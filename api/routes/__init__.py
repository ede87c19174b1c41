"""Routers: parse, call one verb, answer."""

from api.routes import (
    article_links,
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
