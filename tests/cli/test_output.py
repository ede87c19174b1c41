"""What commands print goes where output goes now."""

import contextlib
import io

from cli.output import complain, print_table, say


def test_what_is_printed_follows_the_streams_wherever_they_are_led() -> None:
    for _ in range(2):  # one that was led away and closed leaves nothing behind
        with (
            contextlib.redirect_stdout(io.StringIO()) as out,
            contextlib.redirect_stderr(io.StringIO()) as errors,
            out,
            errors,
        ):
            say("پاسخ")
            print_table(("نام",), [("ناگفته",)])
            complain("خطا")
            assert "پاسخ" in out.getvalue()
            assert "ناگفته" in out.getvalue()
            assert errors.getvalue() == "خطا\n"
