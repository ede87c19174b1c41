"""From settings to the generation they ask for."""

import json

from kb.database import Database
from kb.settings import Settings
from search.generate.generation import Generation, Generator


def open_generation(settings: Settings, database: Database) -> Generation | None:
    """Generation as `settings` ask for it; None, and nothing imported, where they name no endpoint."""
    generator = make_generator(settings)
    if generator is None:
        return None
    return Generation(database, generator, timeout_seconds=settings.llm_timeout_seconds)


def make_generator(settings: Settings) -> Generator | None:
    """The bare generator; nothing is sent before the first call."""
    if not settings.llm_url or not settings.llm_model:
        return None
    # Imported here: the client takes 70 MB that most installations do without.
    from search.generate.chat import ChatEndpoint, ChatGenerator

    key = settings.llm_api_key
    return ChatGenerator(
        ChatEndpoint(
            url=settings.llm_url,
            model=settings.llm_model,
            api_key=None if key is None else key.get_secret_value(),
            timeout_seconds=settings.llm_timeout_seconds,
            parameters=json.loads(settings.llm_parameters),
        )
    )
