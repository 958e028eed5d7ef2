"""The gap rules evaluated before anybody asks: at the start, after a build, and on a new day."""

from __future__ import annotations

import logging
import threading
import time

from hrdd_api.knowledge import Knowledge
from hrdd_api.negotiation import FALLBACK_LANGUAGE
from hrdd_graph.store import StoreError
from hrdd_graph.store.limits import Busy

_LOG = logging.getLogger(__name__)
_SECONDS = 5.0  # between two looks


class Warming:
    """Knows whether a reader of the gaps would have to wait, and sees to it that none has to."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._lock = threading.Lock()

    @property
    def is_done(self) -> bool:
        """Whether what the rules find today is in memory. Raises ``StoreError``."""
        return self._knowledge.is_evaluated(self._knowledge.view())

    def begin(self) -> None:
        """Evaluate in the background, unless that is being done."""
        threading.Thread(target=self._once, daemon=True, name="hrdd-warming").start()

    def go_on(self) -> None:
        """Look again and again, for as long as the process lives."""
        threading.Thread(target=self._for_ever, daemon=True, name="hrdd-warming").start()

    def _for_ever(self) -> None:
        while True:
            self._once()
            time.sleep(_SECONDS)

    def _once(self) -> None:
        if not self._lock.acquire(blocking=False):
            return
        try:
            if not self.is_done:
                self._knowledge.counts(self._knowledge.view(), FALLBACK_LANGUAGE)
        except (StoreError, Busy) as error:  # who asks is told, or has it made
            _LOG.warning("the gap rules could not be evaluated beforehand: %s", error)
        finally:
            self._lock.release()
