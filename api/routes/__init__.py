"""Routers: parse, call one verb, answer."""

from api.routes import (
    articles,
    audit,
    conversations,
    health,
    index,
    jobs,
    keys,
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
        articles,
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
