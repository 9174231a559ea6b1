"""What the engine saved is mended before it starts from it again."""

import json
from pathlib import Path
from typing import Any

from infra.local.saved_state import mend

QUEUE = "http://127.0.0.1:{port}/000000000000/central156-local-looks"


def saved(directory: Path, name: str, content: Any) -> Path:
    path = directory / name
    path.write_text(json.dumps(content))
    return path


def test_an_empty_state_needs_no_mending(tmp_path: Path) -> None:
    mend(tmp_path, 8157)

    assert list(tmp_path.iterdir()) == []


def test_queues_move_to_the_port_of_the_engine(tmp_path: Path) -> None:
    queues = saved(tmp_path, "sqs.json", {"queues": {f"x'{QUEUE.format(port=8157)}'": {"messages": ["a"]}}})
    stacks = saved(
        tmp_path, "cloudformation.json", {"id": QUEUE.format(port=8157), "front": "http://127.0.0.1:8156"}
    )

    mend(tmp_path, 9000)

    assert json.loads(queues.read_text()) == {
        "queues": {f"x'{QUEUE.format(port=9000)}'": {"messages": ["a"]}}
    }
    assert json.loads(stacks.read_text()) == {
        "id": QUEUE.format(port=9000),
        "front": "http://127.0.0.1:8156",
    }


def test_streams_are_read_from_their_start_and_nothing_else_is_forgotten(tmp_path: Path) -> None:
    state = {"payload": {"dynamodb_stream_positions": {"data": {"relay": 7}}, "functions": ["relay"]}}
    functions = saved(tmp_path, "lambda.json", state)

    mend(tmp_path, 8157)

    assert json.loads(functions.read_text()) == {
        "payload": {"dynamodb_stream_positions": {"data": {}}, "functions": ["relay"]}
    }
