"""The command line: one module per verb, loaded only when its verb is typed."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import typer

from hushu.cli import output
from hushu.errors import HushuError

EXIT_BUG = 70
EXIT_INTERRUPTED = 130

_EPILOG = (
    "Exit codes: 0 clean · 1 a gate did not hold · 2 usage, configuration or a bad file · "
    "3 done, but something was not examined · 4 the source can't be reached · 70 a bug in hushu · "
    "130 interrupted. "
    "--lang zh|en anywhere on the line."
)

# verb → one line of help. A verb's module is imported when the verb is used, which
# keeps `hushu --help` fast; tests/cli/test_main.py holds the two lines of help together.
VERBS: dict[str, str] = {
    "demo": "Build synthetic data and walk it the whole way, from scan to report.",
    "scan": "Find and grade personal data in databases, files, folders, DDL or standard input.",
    "why": "Show the evidence and the rules behind one column's type and grade.",
    "review": "Export the inventory to Excel for people to correct, and import what they decided.",
    "diff": "Show what changed between two inventories.",
    "plan": "Turn a purpose into the least that must leave, column by column.",
    "apply": "Apply a plan to a source and write a verified release with its certificate.",
    "verify": "Re-scan and re-measure a release; exit 1 when it does not hold.",
    "redact": "Redact personal data in text, JSON or JSONL.",
    "risk": "Measure the re-identification risk of a table.",
    "tabulate": "Count by columns; small counts are hidden, rounded or blurred, and audited.",
    "query": "Let an algorithm go to the data; only safe aggregates come back.",
    "trace": "Name the recipient whose copy leaked, or say that it can't be named.",
    "ledger": "Verify the append-only ledger.",
    "report": "Write the compliance report: html, docx, pdf, xlsx, md or json.",
    "export": "Export the inventory to catalogues and databases.",
    "rules": "List, show, test, create and compare types and packs.",
    "key": "Create, rotate, store and destroy keys; only their ids are printed.",
    "doctor": "Check this installation.",
    "explain": "Explain an error code.",
    "serve": "Review an inventory in the browser, on this machine only.",
}


class _Verbs(typer.core.TyperGroup):
    """A group that imports a verb's module only when the verb is used."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [verb for verb in VERBS if _exists(verb)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in VERBS or not _exists(cmd_name):
            return None
        app: typer.Typer = import_module(f"hushu.cli.{cmd_name}").app
        command = typer.main.get_command(app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, VERBS[verb]) for verb in self.list_commands(ctx)])


def _exists(verb: str) -> bool:
    from pathlib import Path

    return (Path(__file__).parent / f"{verb}.py").exists()


app = typer.Typer(
    cls=_Verbs,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    epilog=_EPILOG,
)


def _version(shown: bool) -> None:
    if shown:
        from hushu import __version__

        output.emit(f"hushu {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """护数 hushu: find, grade, minimise and account for personal data before a city shares it."""


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with the documented exit status."""
    sys.exit(invoke(sys.argv[1:] if arguments is None else arguments))


def invoke(arguments: list[str]) -> int:
    """Run ``arguments`` and return the exit status; no exception leaves this function."""
    try:
        result = app(_take_language(arguments), standalone_mode=False, prog_name="hushu")
    except HushuError as problem:
        output.error(problem)
        return problem.exit_status
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except typer.TyperException as problem:
        output.notice(f"HS-E100 {output.say('命令用法不对：', '')}{problem.format_message()}")
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except typer.Exit as leaving:
        return int(leaving.exit_code)
    except Exception as bug:
        _report_bug(bug)
        return EXIT_BUG
    if result == EXIT_INTERRUPTED:  # typer turns Ctrl-C into this status
        return _interrupted()
    return result if isinstance(result, int) else 0


def _interrupted() -> int:
    output.notice(output.say("已中断，未留下半成品。", "interrupted; nothing half-written was left."))
    return EXIT_INTERRUPTED


def _report_bug(bug: Exception) -> None:
    # The message of a foreign exception may quote a cell; its type and our line never do.
    place = ""
    step = bug.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if f"{os.sep}hushu{os.sep}" in name:
            place = f"{name.rsplit(f'{os.sep}hushu{os.sep}', 1)[1]}:{step.tb_lineno}"
        step = step.tb_next
    output.notice(
        output.say(
            f"HS-E999 hushu 内部错误（{type(bug).__name__}，{place}）。未写出任何数据值；请连同此行报告。",
            f"HS-E999 a bug in hushu ({type(bug).__name__} at hushu/{place}). "
            "No value was written; please report this line.",
        )
    )
    if os.environ.get("HUSHU_DEBUG"):
        raise bug


def _take_language(arguments: list[str]) -> list[str]:
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--lang":
            _set_language(next(words, ""))
        elif word.startswith("--lang="):
            _set_language(word.removeprefix("--lang="))
        else:
            rest.append(word)
    return rest


def _set_language(value: str) -> None:
    if value not in {"zh", "en"}:
        raise HushuError(
            "unknown language", where=f"--lang {value}", fix="--lang zh | --lang en", code="HS-E102"
        )
    os.environ["HUSHU_LANG"] = value
