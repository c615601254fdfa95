"""Answers what Django's own loader, graph and executor make of a set of migrations; a line of JSON for each."""

import json
import re
import sys
from contextlib import contextmanager
from types import SimpleNamespace

# This folder is searched first, where this file would be found in place of Django.
sys.path.pop(0)

import django
from django.conf import settings
from django.db.migrations import Migration
from django.db.migrations import executor as executor_module
from django.db.migrations import loader as loader_module
from django.db.migrations.exceptions import (
    AmbiguityError, CircularDependencyError, InconsistentMigrationHistory, InvalidMigrationPlan, NodeNotFoundError,
)
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

settings.configure()
django.setup()


class Connection:
    """What the planner needs of a database: which rows django_migrations has, and somewhere to run nothing."""

    alias = 'default'

    def __init__(self, disk, applied):
        self.disk = disk
        self.applied = dict.fromkeys(applied)

    @contextmanager
    def schema_editor(self, **_):
        yield SimpleNamespace(deferred_sql=[])


class Recorder(MigrationRecorder):
    def ensure_schema(self):
        pass

    def applied_migrations(self):
        return self.connection.applied.copy()

    def record_applied(self, app, name):
        self.connection.applied[app, name] = None

    def record_unapplied(self, app, name):
        self.connection.applied.pop((app, name), None)


class Loader(MigrationLoader):
    def load_disk(self):
        self.disk_migrations = self.connection.disk
        self.migrated_apps = {app for app, _ in self.disk_migrations}
        self.unmigrated_apps = set()


loader_module.MigrationRecorder = Recorder
executor_module.MigrationRecorder = Recorder
executor_module.MigrationLoader = Loader


class OneOf(dict):
    """Applied migrations of which only one is looked at, so that the check tells about each and not the first."""

    def __iter__(self):
        yield self.only

    def copy(self):
        return self


def key(text):
    app, name = text.split(':')
    return app, name


def text(node):
    return ':'.join(node)


def target(written):
    return (written[:-len('@base')], None) if written.endswith('@base') else key(written)


def read_disk(written):
    disk = {}
    for fields in written:
        app, name = key(fields['id'])
        migration = Migration(name, app)
        migration.dependencies = [key(each) for each in fields['dependencies']]
        migration.run_before = [key(each) for each in fields['runBefore']]
        migration.replaces = [key(each) for each in fields['replaces']]
        disk[app, name] = migration
    return disk


def plan_of(executor, targets):
    return [
        {'id': text((migration.app_label, migration.name)), 'down': backwards}
        for migration, backwards in executor.migration_plan(targets)
    ]


def inconsistent_pair(executor, connection, node):
    """What `node` misses, as the message names it; None where it misses nothing."""
    only = OneOf(connection.applied)
    only.only = node
    try:
        executor.loader.check_consistent_history(SimpleNamespace(alias='default', applied=only))
    except InconsistentMigrationHistory as error:
        found = re.match(r'Migration (\S+)\.(\S+) is applied before its dependency (\S+)\.(\S+) on', str(error))
        return [text(found.group(1, 2)), text(found.group(3, 4))]


def history(executor, connection):
    pairs = [inconsistent_pair(executor, connection, node) for node in connection.applied]
    try:
        executor.loader.check_consistent_history(connection)
        refused = False
    except InconsistentMigrationHistory:
        refused = True
    return {'refused': refused, 'pairs': [pair for pair in pairs if pair]}


def run(disk, applied, targets):
    """Runs the plan for real, on migrations without operations: what is recorded then, or that it is refused."""
    connection = Connection(disk, applied)
    executor = MigrationExecutor(connection)
    try:
        executor.migrate(targets)
    except InvalidMigrationPlan:
        return None
    return [text(node) for node in connection.applied]


def by_prefix(loader, app, prefix):
    try:
        return {'found': text((app, loader.get_migration_by_prefix(app, prefix).name))}
    except AmbiguityError:
        return {'error': 'AmbiguityError'}
    except KeyError:
        return {'error': 'KeyError'}


def answer(question):
    disk = read_disk(question['migrations'])
    applied = [key(each) for each in question['applied']]
    connection = Connection(disk, applied)
    try:
        executor = MigrationExecutor(connection)
    except (CircularDependencyError, NodeNotFoundError, ValueError) as error:
        return {'error': type(error).__name__, 'message': str(error)}
    graph = executor.loader.graph
    apps = sorted({app for app, _ in disk})
    several = [[target(each) for each in targets] for targets in question.get('several', [])]
    return {
        'error': None,
        'ancestors': {text(node): [text(each) for each in graph.forwards_plan(node)[:-1]] for node in graph.nodes},
        'applied': [text(node) for node in graph.nodes if node in executor.loader.applied_migrations],
        'roots': {app: [text(node) for node in graph.root_nodes(app)] for app in apps},
        'leaves': {app: [text(node) for node in graph.leaf_nodes(app)] for app in apps},
        'conflicts': sorted(executor.loader.detect_conflicts()),
        'history': history(executor, connection),
        'toNode': {text(node): plan_of(executor, [node]) for node in graph.nodes},
        'fresh': {
            app: [text(node) for node in graph._generate_plan(graph.leaf_nodes(app), True)] for app in apps
        },
        'toLeaves': {app: plan_of(executor, graph.leaf_nodes(app)) for app in apps},
        'toAllLeaves': plan_of(executor, graph.leaf_nodes()),
        'toZero': {app: plan_of(executor, [(app, None)]) for app in apps},
        'several': [
            {'plan': plan_of(executor, targets), 'recorded': run(disk, applied, targets)} for targets in several
        ],
        'prefixes': [by_prefix(executor.loader, *each) for each in question.get('prefixes', [])],
    }


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
