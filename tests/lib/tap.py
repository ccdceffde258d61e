# SPDX-License-Identifier: GPL-2.0-only
"""Reads TAP: counts the results of a test, and says what its plan and its end add to them."""

import re
import signal

RESULT = re.compile(r"^(not )?ok\b\s*(\d+)?\s*(?:-\s*)?(.*)$")
PLAN = re.compile(r"^1\.\.(\d+)\s*(?:#\s*skip\s*(.*))?", re.I)
SKIP = re.compile(r"\s*#\s*skip\b\s*(.*)$", re.I)


class Tally:
    """Results of one test or of all."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.failures += other.failures

    def fail(self, why):
        self.failed += 1
        self.failures.append(why)

    def name_failures(self, name):
        self.failures = [f"{name}: {why}" for why in self.failures]

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


class TapReader:
    """Counts result lines. Plans add up, for programs that print one per group."""

    def __init__(self):
        self.tally = Tally()
        self.planned = None
        self.results = 0

    def line(self, text):
        plan = PLAN.match(text)
        if plan:
            self.planned = (self.planned or 0) + int(plan.group(1))
            if plan.group(2) is not None and plan.group(1) == "0":
                self.tally.skipped += 1
            return None
        result = RESULT.match(text)
        if not result:
            return None
        self.results += 1
        name = result.group(3)
        # cmocka writes a skipped test as "not ok N # SKIP".
        if SKIP.search(name):
            self.tally.skipped += 1
            return "skip"
        if result.group(1):
            self.tally.fail(name)
            return "fail"
        self.tally.passed += 1
        return "pass"

    def finish(self, status, timed_out):
        """What the exit and the plan add to the results."""
        tally = self.tally
        if timed_out:
            tally.fail(f"time limit of {timed_out} s")
        elif status < 0:
            tally.fail(f"killed by signal {signal.Signals(-status).name}")
        elif status and not tally.failed:
            tally.fail(f"exit status {status}")
        if timed_out or status < 0:
            return
        if self.planned is None:
            tally.fail("no plan (1..N) printed")
        elif self.planned != self.results:
            tally.fail(f"planned {self.planned} results, saw {self.results}")
