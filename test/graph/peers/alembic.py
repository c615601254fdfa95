"""Answers each line of JSON on stdin with one on stdout: what Alembic makes of a graph and of requests to it."""

import json
import os
import sys
import warnings
from types import SimpleNamespace

if os.environ.get("PYTHONHASHSEED") != "0":
    # Alembic iterates over sets of strings: the same question shall have the same answer in every process.
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

# The folder of this file is searched first, and this file is called like the package.
sys.path.pop(0)

from alembic.runtime.migration import HeadMaintainer
from alembic.script import ScriptDirectory
from alembic.script.revision import Revision, RevisionMap


class Script(Revision):
    module = SimpleNamespace(upgrade=None, downgrade=None)
    doc = ""


class VersionTable(HeadMaintainer):
    """The rows that Alembic keeps, without a database."""

    def __init__(self, rows):
        super().__init__(None, rows)

    def _insert_version(self, version):
        assert version not in self.heads
        self.heads.add(version)

    def _delete_version(self, version):
        self.heads.remove(version)

    def _update_version(self, from_, to_):
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)


class Peer:
    def __init__(self, revisions):
        def scripts():
            for each in revisions:
                yield Script(each["id"], tuple(each["down"]), tuple(each["dependencies"]), tuple(each["labels"]))

        self.map = RevisionMap(scripts)
        self.map._revision_map
        self.scripts = ScriptDirectory.__new__(ScriptDirectory)
        self.scripts.revision_map = self.map
        self.rows = ()
        self.applied = set()

    def apply(self, picks):
        """Everything that `picks` need counts as applied; the rows are those of it that nothing of it needs."""
        self.applied = self.needed(picks)
        self.rows = self.tips(self.applied)

    def tips(self, names):
        return tuple(sorted(name for name in names if not self.map.get_revision(name)._all_nextrev & names))

    def needed(self, rows):
        return {each.revision for each in self.map._get_ancestor_nodes(self.map.get_revisions(tuple(rows)))}

    def after(self, steps):
        table = VersionTable(self.rows)
        for step in steps:
            table.update_to_step(step)
        return table.heads

    def answer(self, kind, *arguments):
        return getattr(self, f"answer_{kind}")(*arguments)

    def answer_heads(self):
        everything = self.map._real_heads, self.map._real_bases
        return [list(each) for each in (*everything, self.map.heads, self.map.bases)]

    def answer_revisions(self, name):
        return [each.revision for each in self.map.get_revisions(name)]

    def answer_upgrade(self, target):
        targets = tuple(target) if isinstance(target, list) else target
        return self.run(self.scripts._upgrade_revs(targets, self.rows))

    def answer_downgrade(self, target):
        return self.run(self.scripts._downgrade_revs(target, self.rows))

    def run(self, steps):
        try:
            rows = sorted(self.after(steps))
        except (AssertionError, KeyError, IndexError):
            rows = None
        return {"plan": [step.revision.revision for step in steps], "rows": rows}

    def answer_stamp(self, targets):
        return sorted(self.needed(self.after(self.scripts._stamp_revs(tuple(targets), self.rows))))

    def answer_branch(self, label):
        return sorted(self.branch(label))

    def branch(self, label):
        """What follows the label by down_revision, and what leads to it since the last fork or merge."""
        carrier = first = self.map.get_revision(label)
        while len(first._versioned_down_revisions) == 1:
            parent = self.map.get_revision(first.down_revision)
            if parent.is_branch_point:
                break
            first = parent
        names = {each.revision for each in self.map._get_descendant_nodes([carrier], include_dependencies=False)}
        while True:
            names.add(carrier.revision)
            if carrier is first:
                return names
            carrier = self.map.get_revision(carrier.down_revision)

    def answer_take_back(self, names):
        """Migrations, and what needs them."""
        return sorted(set().union(*(self.without(each) for each in set(names) & self.applied)))

    def without(self, name):
        return {
            each.revision
            for each in self.map.iterate_revisions(self.rows, name, inclusive=True, select_for_downgrade=True)
        }

    def answer_steps(self, scope, steps):
        """Steps of one migration of the scope each, found with Alembic's plans to single migrations."""
        names = set(scope)
        before = self.applied
        for _ in range(abs(steps)):
            options = self.up_options(names) if steps > 0 else self.down_options(names)
            if len(options) != 1:
                return {"options": len(options)}
            ((name, plan),) = options.items()
            now = self.applied | plan if steps > 0 else self.applied - plan
            self.applied = now
            self.rows = self.tips(now)
        return {"plan": sorted(before ^ self.applied), "options": 1}

    def up_options(self, names):
        plans = {
            name: {step.revision.revision for step in self.scripts._upgrade_revs(name, self.rows)}
            for name in names - self.applied
        }
        return {name: plan for name, plan in plans.items() if plan & names == {name}}

    def down_options(self, names):
        plans = {name: self.without(name) for name in names & self.applied}
        return {name: plan for name, plan in plans.items() if plan & names == {name}}

    def answer_walk(self, name, steps):
        end = self.map._walk(name, steps)
        return end.revision if isinstance(end, Revision) else end

    def answer_looping(self):
        """Those that are their own ancestors."""
        return sorted(
            each.revision
            for each in set(self.map._revision_map.values()) - {None}
            if any(
                each in self.map._iterate_related_revisions(lambda r: r._all_down_revisions, [down], None)
                for down in self.map.get_revisions(each._all_down_revisions)
            )
        )


def failure(error):
    return {"error": type(error).__name__, "message": str(error)}


def reply(question):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            peer = Peer(question["revisions"])
            peer.apply(question["applied"])
        except Exception as error:
            return {"rejected": failure(error), "warnings": [str(each.message) for each in caught]}
        state = peer.rows, peer.applied
        answers = []
        for kind, *arguments in question["ask"]:
            peer.rows, peer.applied = state
            try:
                answers.append({"value": peer.answer(kind, *arguments)})
            except Exception as error:
                answers.append(failure(error))
        warned = [str(each.message) for each in caught]
        return {"rows": state[0], "applied": sorted(state[1]), "answers": answers, "warnings": warned}


for line in sys.stdin:
    print(json.dumps(reply(json.loads(line))), flush=True)
