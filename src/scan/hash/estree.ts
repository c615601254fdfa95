/** A node of the ESTree as the hash sees it: fields are read by name. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/**
 * What counts of each type of node, in this order. The list is closed: a type that is not here is refused, so that an
 * upgrade of the parser cannot move a hash. Types with rules of their own are in `canonical`.
 */
export const NODE_FIELDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    AccessorProperty: ['static', 'computed', 'key', 'value'],
    ArrayExpression: ['elements'],
    ArrayPattern: ['elements'],
    ArrowFunctionExpression: ['async', 'params', 'body'],
    AssignmentExpression: ['operator', 'left', 'right'],
    AssignmentPattern: ['left', 'right'],
    AwaitExpression: ['argument'],
    BinaryExpression: ['operator', 'left', 'right'],
    BlockStatement: ['body'],
    BreakStatement: ['label'],
    CallExpression: ['optional', 'callee', 'arguments'],
    CatchClause: ['param', 'body'],
    ChainExpression: ['expression'],
    ClassBody: ['body'],
    ClassDeclaration: ['id', 'superClass', 'body'],
    ClassExpression: ['id', 'superClass', 'body'],
    ConditionalExpression: ['test', 'consequent', 'alternate'],
    ContinueStatement: ['label'],
    DebuggerStatement: [],
    DoWhileStatement: ['body', 'test'],
    EmptyStatement: [],
    ExportDefaultDeclaration: ['declaration'],
    ForInStatement: ['left', 'right', 'body'],
    ForOfStatement: ['await', 'left', 'right', 'body'],
    ForStatement: ['init', 'test', 'update', 'body'],
    FunctionDeclaration: ['async', 'generator', 'id', 'params', 'body'],
    FunctionExpression: ['async', 'generator', 'id', 'params', 'body'],
    IfStatement: ['test', 'consequent', 'alternate'],
    LabeledStatement: ['label', 'body'],
    MethodDefinition: ['kind', 'static', 'computed', 'key', 'value'],
    NewExpression: ['callee', 'arguments'],
    ObjectExpression: ['properties'],
    ObjectPattern: ['properties'],
    PrivateIdentifier: ['name'],
    Program: ['body'],
    PropertyDefinition: ['static', 'computed', 'key', 'value'],
    RestElement: ['argument'],
    ReturnStatement: ['argument'],
    SpreadElement: ['argument'],
    StaticBlock: ['body'],
    Super: [],
    SwitchCase: ['test', 'consequent'],
    SwitchStatement: ['discriminant', 'cases'],
    ThisExpression: [],
    ThrowStatement: ['argument'],
    TryStatement: ['block', 'handler', 'finalizer'],
    UnaryExpression: ['operator', 'argument'],
    UpdateExpression: ['operator', 'prefix', 'argument'],
    VariableDeclaration: ['kind', 'declarations'],
    VariableDeclarator: ['id', 'init'],
    WhileStatement: ['test', 'body'],
    WithStatement: ['object', 'body'],
    YieldExpression: ['delegate', 'argument'],
  }),
)

/** Type syntax around an expression: the expression alone counts. */
export const TRANSPARENT: ReadonlySet<string> = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSInstantiationExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
])

/** Declarations and members that are types and nothing else. */
export const ERASED: ReadonlySet<string> = new Set([
  'TSAbstractAccessorProperty',
  'TSAbstractMethodDefinition',
  'TSAbstractPropertyDefinition',
  'TSDeclareFunction',
  'TSIndexSignature',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
])

/** Why a construct is refused, in the words of its author. */
export function constructName(type: string): string {
  if (type.startsWith('JSX')) return 'JSX'
  return CONSTRUCTS.get(type) ?? `the syntax \`${type}\``
}

const CONSTRUCTS: ReadonlyMap<string, string> = new Map([
  ['Decorator', 'a decorator'],
  ['TSEnumDeclaration', '`enum`'],
  ['TSExportAssignment', '`export =`'],
  ['TSGlobalDeclaration', '`declare global`'],
  ['TSImportEqualsDeclaration', '`import =`'],
  ['TSModuleDeclaration', '`namespace`'],
  ['TSNamespaceExportDeclaration', '`export as namespace`'],
  ['TSParameterProperty', 'a parameter property'],
])
