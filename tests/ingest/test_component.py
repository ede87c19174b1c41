"""The converters in a Haystack pipeline."""

import pytest
from haystack import Pipeline
from haystack.dataclasses import ByteStream

from ingest.component import SourceConverter
from kb.conversion import EmptyDocument


def test_a_pipeline_gets_documents_with_their_text_whole() -> None:
    pipeline = Pipeline()
    pipeline.add_component("convert", SourceConverter())
    sources = [
        ByteStream("<h1>کد شش‌رقمی</h1>".encode(), meta={"filename": "a.html"}),
        ByteStream("# دو".encode(), mime_type="text/markdown"),
    ]
    documents = pipeline.run({"convert": {"sources": sources}})["convert"]["documents"]
    assert [document.content for document in documents] == ["# کد شش‌رقمی", "# دو"]
    assert documents[0].meta["title"] == "کد شش‌رقمی"
    assert documents[0].meta["language"] == "fa"


def test_a_source_that_cannot_be_read_is_an_error_not_a_missing_document() -> None:
    with pytest.raises(EmptyDocument):
        SourceConverter().run(sources=[ByteStream(b"", meta={"filename": "a.pdf"})])
