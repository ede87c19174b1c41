"""Routers: parse, call one verb, answer."""

from api.routes import (
    articles,
    audit,
    checks,
    conversations,
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
