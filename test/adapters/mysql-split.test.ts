import { describe, expect, it } from 'vitest'
import { splitStatements } from '../../src/adapters/mysql/split.ts'

const parts = (script: string): readonly string[] => splitStatements(script).map(({ text }) => text)

describe('statements of a MySQL script', () => {
  it('end at semicolons outside of quotes, comments and bodies', () => {
    const trigger = 'create trigger a before insert on t for each row begin set new.a = 1; set new.b = 2; end'
    expect(
      parts(`-- first; comment
        insert into t values ('a;''b\\';', "c;d", \`e;f\`) /* g;h */;
        # another; one
        ${trigger};
        select 1--2;;
        ;`),
    ).toEqual([`insert into t values ('a;''b\\';', "c;d", \`e;f\`)`, trigger, 'select 1--2'])
  })

  it('follow DELIMITER, which may stand right behind a word', () => {
    expect(
      parts(`select 1;
DELIMITER $$
create procedure p() begin select ';$$'; select 2; end$$
create procedure q() begin select 3; -- $$
end $$
delimiter //
select 4//
DELIMITER ;
select 5`),
    ).toEqual([
      'select 1',
      "create procedure p() begin select ';$$'; select 2; end",
      'create procedure q() begin select 3; -- $$\nend',
      'select 4',
      'select 5',
    ])
  })

  it('hold what the server executes in comments', () => {
    const dump = `/*!40101 SET NAMES utf8 */;
/*M!100616 SET NOTE_VERBOSITY=0 */;
/*!50001 CREATE VIEW v AS SELECT 1 */;
/* nothing */;`
    expect(splitStatements(dump).map(({ effect, line }) => [effect, line])).toEqual([
      ['session', 1],
      ['session', 2],
      ['alone', 3],
    ])
  })

  it.each([
    ['data', 'insert into t select 1'],
    ['data', 'with a as (select 1 as b) update t join a on b = c set d = 1'],
    ['data', '(select 1) union (select 2)'],
    ['data', 'create temporary table t (id int)'],
    ['data', "load data local infile 'x' into table t"],
    ['alone', 'load index into cache t'],
    ['alone', 'create table t as select 1'],
    ['alone', 'create or replace view v as select 1'],
    ['alone', 'call p()'],
    ['alone', 'truncate t'],
    ['alone', 'set password = "x"'],
    ['alone', 'set statement max_statement_time = 1 for alter table t add a int'],
    ['alone', 'something that is not known'],
    ['session', 'set @a = 1'],
    ['session', 'use other'],
    ['session', 'select max(id) into @a from t'],
    ['session', "prepare a from 'select 1'"],
  ] as const)('are %s: %s', (effect, sql) => {
    expect(splitStatements(sql)).toMatchObject([{ effect, text: sql }])
  })

  it.each([
    'lock tables t read',
    'UNLOCK TABLES',
    'xa start "a"',
    'set @@session.autocommit = 0',
    'set local autocommit=1',
    'start transaction',
    '/*M!100000 commit */',
  ])('are refused: %s', (sql) => {
    expect(() => splitStatements(`select 1; ${sql}`)).toThrow('MIG_R0211')
  })

  it('are shown without values, in one line', () => {
    const [statement] = splitStatements('create user a\n  identified by \'secret\' -- and why\n  comment "secret"')
    expect(statement?.shown).toBe("create user a identified by '…' comment '…'")
  })
})
