"""Every finding on the real graph was read against its source, and every verdict is about a finding that still stands.

``judged.yaml`` holds the verdicts. A wrong finding may stand only with ``on_purpose``, which says why it is left.
``recall.yaml`` goes the other way: from situations that a reader marked in the sources to the findings that say them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from hrdd_graph.gaps.run import run_rules
from hrdd_graph.rules import read_rule

if TYPE_CHECKING:
    from hrdd_graph.view import View

VERDICTS = frozenset(["right", "wrong", "debatable"])
Judged = dict[str, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def judged() -> Judged:
    loaded: Any = yaml.safe_load((Path(__file__).parent / "judged.yaml").read_text(encoding="utf-8"))
    return {rule: {str(number): verdict for number, verdict in found.items()} for rule, found in loaded.items()}


def test_every_finding_has_a_verdict_and_every_verdict_a_finding(
    rule_file: Path, judged: Judged, real_view: View
) -> None:
    rule = read_rule(rule_file)
    found = {finding.iri.rsplit("/", 1)[1] for finding in run_rules(real_view, [rule]).findings}
    verdicts = set(judged.get(rule.name, {}))
    unread, stale = sorted(found - verdicts), sorted(verdicts - found)
    look = f"hrdd gaps --rule {rule.name} --as-of {real_view.as_of}, then hrdd explain {rule.name}/ID"
    assert (unread, stale) == ([], []), f"{rule.name}: without a verdict {unread}; of no finding {stale}. Look: {look}"


def test_every_verdict_is_a_known_word_with_a_subject_and_a_reason(judged: Judged) -> None:
    for rule, found in judged.items():
        for number, verdict in found.items():
            where = f"{rule}/{number}"
            assert verdict.get("verdict") in VERDICTS, f"{where}: the verdict is one of {sorted(VERDICTS)}"
            for key in ("about", "reason"):
                assert verdict.get(key, "").strip(), f"{where}: say {key}"


def test_no_wrong_finding_is_left_but_on_purpose(judged: Judged) -> None:
    left = [
        f"{rule}/{number}"
        for rule, found in judged.items()
        for number, verdict in found.items()
        if verdict.get("verdict") == "wrong" and not verdict.get("on_purpose")
    ]
    assert left == []


def test_a_situation_is_answered_by_findings_that_were_judged_or_missed_with_a_reason(judged: Judged) -> None:
    loaded: Any = yaml.safe_load((Path(__file__).parent / "recall.yaml").read_text(encoding="utf-8"))
    for source, situations in loaded.items():
        for position, situation in situations.items():
            where = f"{source}, {position}: {situation['about']}"
            assert ("answered" in situation) != ("missed" in situation), f"{where}: either answered or missed"
            assert situation.get("missed", "a reason"), f"{where}: say why it is missed"
            for rule, found in situation.get("answered", {}).items():
                stale = [] if found == "pending" else [number for number in found if str(number) not in judged[rule]]
                assert not stale, f"{where}: {rule} has no finding {stale}"
