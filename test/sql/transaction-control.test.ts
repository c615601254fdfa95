import { describe, expect, it } from 'vitest'
import type { Dialect } from '../../src/sql/dialect.ts'
import { transactionControl } from '../../src/sql/transaction-control.ts'

describe('is found', () => {
  it.each<[string, string, number, number, Dialect?]>([
    ['BEGIN', 'BEGIN', 1, 1],
    ['select 1;\n  commit', 'COMMIT', 2, 3],
    ['select 1;\r\n\r\nRollback to a', 'ROLLBACK', 3, 1],
    ['/* a */ -- b\n/*+ c */ savepoint x', 'SAVEPOINT', 2, 10],
    ['start\n transaction', 'START TRANSACTION', 1, 1],
    ["prepare transaction 'x'", 'PREPARE TRANSACTION', 1, 1],
    ['release x', 'RELEASE', 1, 1],
    ['-- a\rcommit', 'COMMIT', 1, 6],
    ['-- a\rcommit', 'COMMIT', 1, 6, 'postgres'],
    ['end', 'END', 1, 1],
    ['end transaction;', 'END', 1, 1],
    ["insert into t values ('a;'); abort", 'ABORT', 1, 30],
    ['create table trigger_log (x); begin', 'BEGIN', 1, 31],
    ['create trigger t after insert on a begin select 1; end; commit', 'COMMIT', 1, 57],
    [
      'create trigger t after insert on a when case new.x when 1 then 0 else 1 end begin select 1; end; commit',
      'COMMIT',
      1,
      98,
    ],
    ["select 'a\\'; commit; --'", 'COMMIT', 1, 14, 'postgres'],
    ['select $a$; commit; $a$', 'COMMIT', 1, 13, 'sqlite'],
    ['/* /* */ commit; -- */', 'COMMIT', 1, 10, 'sqlite'],
    ['create procedure p() begin if a then begin select 1; end; end if; end; commit', 'COMMIT', 1, 72, 'mysql'],
    ['/*!50000 COMMIT */', 'COMMIT', 1, 1, 'mysql'],
    ['/*M!100000 ROLLBACK */', 'ROLLBACK', 1, 1, 'mysql'],
  ])('in %j: %s', (text, keyword, line, column, dialect) => {
    expect(transactionControl(text, dialect)).toEqual({ keyword, line, column })
  })
})

describe('is not seen', () => {
  it.each<[string, Dialect?]>([
    ["insert into t values ('; commit;')"],
    ['select "; commit"'],
    ['select `; commit`'],
    ['-- ; commit'],
    ['-- a\rcommit', 'sqlite'],
    ['/* ; commit; */ select 1'],
    ['create function f() returns int language plpgsql as $$ begin commit; end $$', 'postgres'],
    ['create or replace function f() returns int begin atomic select 1; select 2; end', 'postgres'],
    [
      'create temp trigger t after insert on a begin update b set x = case when 1 then 2 end; delete from c; end',
      'sqlite',
    ],
    ['create trigger if not exists "begin" after insert on a begin select new.end; end', 'sqlite'],
    [
      'CREATE DEFINER = `a`@`b` PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; WHILE 1 DO SELECT 2; END WHILE; END',
      'mysql',
    ],
    ['create trigger t before insert on a for each row if new.x then set new.y = 1; end if', 'mysql'],
    ["select 'a\\'; commit; --'", 'mysql'],
    ['select [; commit]', 'sqlite'],
    ['select 1 # ; commit', 'mysql'],
    ['prepare x as select 1'],
    ['alter table a rename column begin to "end"'],
    [''],
    ["'"],
  ])('in %j', (text, dialect) => {
    expect(transactionControl(text, dialect)).toBeNull()
  })
})
