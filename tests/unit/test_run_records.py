"""What a local run leaves for the next one, however it ends."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local.files import replace_text
from infra.local.records import RunRecord

BEFORE = datetime(2026, 11, 24, 9, tzinfo=UTC)
SINCE = BEFORE + timedelta(hours=1)


def record(since: datetime | None, before: datetime | None) -> RunRecord:
    return RunRecord(engine_port=8157, unrelayed_since=since, unrelayed_before=before)


def test_after_an_engine_that_saved_only_the_last_run_counts() -> None:
    assert record(SINCE, BEFORE).unrelayed(saved=True) == SINCE
    assert record(None, BEFORE).unrelayed(saved=True) is None


def test_after_an_engine_that_did_not_save_what_was_left_before_it_is_still_there() -> None:
    assert record(SINCE, BEFORE).unrelayed(saved=False) == BEFORE
    assert record(None, BEFORE).unrelayed(saved=False) == BEFORE
    assert record(SINCE, None).unrelayed(saved=False) == SINCE
    assert record(None, None).unrelayed(saved=False) is None


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    for written in (record(SINCE, BEFORE), record(None, None)):
        written.write(tmp_path / "run.json")

        assert RunRecord.read(tmp_path / "run.json") == written


def test_a_record_of_an_earlier_release_is_read(tmp_path: Path) -> None:
    old = {"engine_port": 8157, "unrelayed_since": SINCE.isoformat()}
    (tmp_path / "run.json").write_text(json.dumps(old))

    assert RunRecord.read(tmp_path / "run.json") == record(SINCE, None)


def test_a_file_is_replaced_whole_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.json"
    replace_text(path, "old")
    replace_text(path, "new")

    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
