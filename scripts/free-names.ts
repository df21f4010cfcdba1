import { isNode, nameOf, nodesIn, type SourceNode, valuesIn } from './parse-source.ts';

/** A name that nothing in the source declares where it is used: a global. `around` is what it stands in, innermost last. */
export type FreeName = { readonly name: string; readonly node: SourceNode; readonly around: readonly SourceNode[] };

/** The names that a pattern binds: `a`, `{ a, b: [c] }`, `a = 1`, `...a`. */
function boundBy(pattern: SourceNode): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [String(pattern.name)];
    case 'ObjectPattern':
      return nodesIn(pattern.properties).flatMap(boundBy);
    case 'ArrayPattern':
      return nodesIn(pattern.elements).flatMap(boundBy);
    case 'Property':
      return nodesIn(pattern.value).flatMap(boundBy);
    case 'AssignmentPattern':
      return nodesIn(pattern.left).flatMap(boundBy);
    case 'RestElement':
      return nodesIn(pattern.argument).flatMap(boundBy);
    default:
      return [];
  }
}

/** The names that a statement declares for what stands around it. */
function declaredBy(statement: SourceNode): string[] {
  switch (statement.type) {
    case 'VariableDeclaration':
      return nodesIn(statement.declarations).flatMap(({ id }) => nodesIn(id).flatMap(boundBy));
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return nodesIn(statement.id).flatMap(boundBy);
    case 'ImportDeclaration':
      return nodesIn(statement.specifiers).flatMap(({ local }) => nodesIn(local).flatMap(boundBy));
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return nodesIn(statement.declaration).flatMap(declaredBy);
    default:
      return [];
  }
}

/** The names that hold inside a node and not around it. */
function heldBy(node: SourceNode): string[] {
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
      return nodesIn(node.body).flatMap(declaredBy);
    case 'SwitchStatement':
      return nodesIn(node.cases).flatMap(({ consequent }) => nodesIn(consequent).flatMap(declaredBy));
    case 'ForStatement':
      return nodesIn(node.init).flatMap(declaredBy);
    case 'ForInStatement':
    case 'ForOfStatement':
      return nodesIn(node.left).flatMap(declaredBy);
    case 'CatchClause':
      return nodesIn(node.param).flatMap(boundBy);
    case 'ClassExpression':
      return nodesIn(node.id).flatMap(boundBy);
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [...nodesIn(node.params), ...nodesIn(node.id)].flatMap(boundBy);
    default:
      return [];
  }
}

/** Whether a part is a mere label: the name of a property, of what a module calls something, of a loop. */
function isLabel(parent: SourceNode, part: string): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return part === 'property' && parent.computed !== true;
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return part === 'key' && parent.computed !== true;
    case 'ImportSpecifier':
    case 'MetaProperty':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return part !== 'body';
    case 'ExportSpecifier':
      return part === 'exported';
    case 'ExportNamedDeclaration':
      // `export { a } from './a.ts'` names what the other module has.
      return isNode(parent.source);
    case 'ExportAllDeclaration':
      return true;
    default:
      return false;
  }
}

/** Every use of a global in a parsed source, in its order. */
export function freeNames(
  node: SourceNode,
  around: readonly SourceNode[] = [],
  known: ReadonlySet<string> = new Set(),
): FreeName[] {
  if (node.type === 'Identifier') {
    const name = nameOf(node) ?? '';
    return known.has(name) ? [] : [{ name, node, around }];
  }
  const held = heldBy(node);
  const inside = held.length === 0 ? known : new Set([...known, ...held]);
  return valuesIn(node)
    .filter(([part]) => !isLabel(node, part))
    .flatMap(([, part]) => freeNames(part, [...around, node], inside));
}
