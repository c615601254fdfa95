import { describe, expect, it } from 'vitest'
import { refuseTransactionControl } from '../../src/adapters/sql-handle/refuse-transaction-control.ts'

describe('a statement that controls the transaction is refused', () => {
  it.each([
    ['BEGIN', 'BEGIN'],
    ['select 1;\n  commit', 'commit'],
    ['select 1;\r\n\r\nRollback to a', 'Rollback'],
    ['/* a */ -- b\n savepoint x', 'savepoint'],
    ['start\n transaction', 'start\n transaction'],
    ["prepare transaction 'x'", 'prepare transaction'],
    ['release x', 'release'],
    ["insert into t values ('a;', 'it''s'); abort", 'abort'],
    ["insert into t values (E'it\\'s;'); abort", 'abort'],
    ['create table trigger_log (x); begin', 'begin'],
    ['create trigger t after insert on a begin select 1; end; commit', 'commit'],
    ['create function f() as $a$ begin; end $a$ language plpgsql; commit', 'commit'],
  ])('%j', (text, keyword) => {
    expect(() => refuseTransactionControl(text)).toThrow(
      expect.objectContaining({ code: 'MIG_R0211', text: `SQL with ${keyword}` }),
    )
  })
})

describe('anything else passes', () => {
  it.each([
    "insert into t values ('; commit;')",
    'select "; commit"',
    'select `; commit`',
    '-- ; commit',
    '-- it\'s\nselect 1; -- "\nselect 2',
    '/* ; commit; */ select 1',
    'create function f() returns int language plpgsql as $$ begin commit; end $$',
    'create function f() returns int as $body$ begin; $$ commit; $$ end $body$ language plpgsql',
    'create or replace function f() returns int begin atomic select 1; select 2; end',
    'create temp trigger t after insert on a begin update b set x = case when 1 then 2 end; delete from c; end',
    'create trigger if not exists "begin" after insert on a begin select new.end; end',
    'select 1; end',
    'prepare x as select 1',
    'alter table a rename column begin to "end"',
    "select E'\\\\'; select 'commit'",
    '',
    "'",
  ])('%j', (text) => {
    expect(() => refuseTransactionControl(text)).not.toThrow()
  })
})
