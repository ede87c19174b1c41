"""Routers: parse, call one verb, answer."""

from api.routes import (
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
    search,
    session,
    sources,
    users,
)

ROUTERS = tuple(
    module.router
    for module in (
        search,
        links,
        interviews,
        articles,
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
