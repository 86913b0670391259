"""What is typed is on the disk: whatever happens to the computer, the draft is as it was last kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.desk.drafts import Draft, DraftStore
from statusgen.desk.kinds import FormKind
from statusgen.editor.draft_folder import MAX_DRAFT_BYTES
from tests.support.full_disk import full_disk, needs_a_full_disk

NOW = datetime(2024, 5, 5, 7, 10, tzinfo=UTC)
FIELDS = st.sampled_from(["title", "text", "status/water-bill", "since"])
WORDS = st.lists(st.text(min_size=1, max_size=12), max_size=2).map(tuple)
STEPS = st.lists(st.one_of(st.dictionaries(FIELDS, WORDS, min_size=1, max_size=3), st.just("undo")), max_size=12)


@pytest.fixture
def store(tmp_path: Path) -> DraftStore:
    return DraftStore(tmp_path)


@given(STEPS, st.integers(0, 400))
def test_a_draft_that_was_cut_off_is_as_it_was_kept_last(
    steps: list[dict[str, tuple[str, ...]] | str], cut: int
) -> None:
    with TemporaryDirectory() as folder:
        store = DraftStore(Path(folder))
        states = [store.create(FormKind.PROBLEM, "", "", NOW)]
        for number, step in enumerate(steps):
            now = NOW + timedelta(seconds=number)
            kept = store.undo(states[-1], now)[0] if isinstance(step, str) else store.change(states[-1], step, now)
            states.append(kept)
        assert store.read(states[0].id) == states[-1]
        file = next((Path(folder) / "drafts").iterdir())
        whole = file.read_bytes()
        file.write_bytes(whole[: max(whole.index(b"}\n") + 2, len(whole) - cut)])
        found = store.read(states[0].id)
        assert found in states
        # What is written after that is not lost in the line that was cut off.
        assert found is not None
        assert store.change(found, {"title": ("Again",)}, NOW).first("title") == "Again"


def test_undo_goes_back_one_field_at_a_time(store: DraftStore) -> None:
    draft = store.create(FormKind.PROBLEM, "", "", NOW)
    draft = store.change(draft, {"title": ("Water",)}, NOW)
    draft = store.change(draft, {"title": ("Water bills",), "text": ("No.",)}, NOW)
    draft, change = store.undo(draft, NOW)
    assert change
    assert change.field in ("title", "text")
    draft, _ = store.undo(draft, NOW)
    assert draft.answers == {"title": ("Water",)}
    draft, _ = store.undo(draft, NOW)
    draft, change = store.undo(draft, NOW)
    assert (draft.answers, change) == ({}, None)


def test_only_the_owner_can_read_a_draft(store: DraftStore, tmp_path: Path) -> None:
    store.create(FormKind.PROBLEM, "", "", NOW)
    folder = tmp_path / "drafts"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in folder.iterdir())


def test_a_draft_does_not_grow_without_end(store: DraftStore) -> None:
    draft = store.create(FormKind.PROBLEM, "", "", NOW)
    with pytest.raises(OSError, match="bytes"):
        store.change(draft, {"text": ("x" * MAX_DRAFT_BYTES,)}, NOW)
    assert store.read(draft.id) == draft


def test_a_draft_does_not_grow_without_end_by_many_small_changes(store: DraftStore) -> None:
    draft = store.create(FormKind.PROBLEM, "", "", NOW)
    for number in range(15):
        draft = store.change(draft, {"text": (f"{number}" + "x" * (MAX_DRAFT_BYTES // 16),)}, NOW)
    with pytest.raises(OSError, match="bytes"):
        store.change(draft, {"text": ("x" * (MAX_DRAFT_BYTES // 16),)}, NOW)
    assert store.read(draft.id) == draft


@needs_a_full_disk
def test_what_a_full_disk_takes_a_part_of_is_not_said_to_be_kept(store: DraftStore, tmp_path: Path) -> None:
    draft = store.change(store.create(FormKind.PROBLEM, "", "", NOW), {"title": ("Water",)}, NOW)
    size = next((tmp_path / "drafts").iterdir()).stat().st_size
    with full_disk(size + 50), pytest.raises(OSError, match="large"):
        store.change(draft, {"title": ("Water bills cannot be paid online",)}, NOW)
    assert store.read(draft.id) == draft
    assert store.change(draft, {"title": ("Water bills",)}, NOW).first("title") == "Water bills"


@pytest.mark.parametrize("id", ["", "..", "../../etc/passwd", "0" * 15, "g" * 16, "0" * 16 + "\n"])
def test_no_name_leads_elsewhere(store: DraftStore, id: str) -> None:
    assert store.read(id) is None
    store.discard(id)


def test_what_was_put_away_can_be_brought_back(store: DraftStore) -> None:
    draft = store.change(store.create(FormKind.NOTICE, "", "", NOW), {"title": ("Calls",)}, NOW)
    store.discard(draft.id)
    assert store.list_all() == []
    store.bring_back(draft.id)
    assert store.list_all() == [draft]


def test_a_file_of_something_else_is_no_draft(store: DraftStore, tmp_path: Path) -> None:
    draft: Draft = store.create(FormKind.PROBLEM, "", "", NOW)
    (tmp_path / "drafts" / f"{'0' * 16}.jsonl").write_text('["a"]\n{"kind": "king"}\n', encoding="utf-8")
    assert store.list_all() == [draft]
