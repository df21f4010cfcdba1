import { isNode, nameOf, nodesIn, parseSource, type SourceNode, walkValues } from '../../../scripts/parse-source.ts';

/** A text that stands in the source where one from the catalogue or from data is expected. */
export type LiteralText = { readonly call: string; readonly literal: string };

const literals = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;

/**
 * Literals that pass for translated ones: anywhere in what `tr` is given, as the fallback of `tOpen`, or in a constant of the same file
 * that either is given. Under the pseudo-locale `tr` brackets whatever it gets, so the pages cannot tell.
 */
export function literalTexts(source: string): LiteralText[] {
  const found: LiteralText[] = [];
  for (const [call, given] of callsOf(source)) {
    const parts = call === 'tOpen' ? given.slice(1) : given;
    for (const part of parts) {
      for (const literal of textsIn(part)) found.push({ call, literal });
      const name = /^[A-Za-z_$][\w$]*$/.exec(part)?.[0];
      const constant = name === undefined ? undefined : constantText(source, name);
      if (constant !== undefined) found.push({ call, literal: constant });
    }
  }
  return found;
}

/** Texts in a piece of source that have a letter in them, outside what a template takes from elsewhere. */
function textsIn(part: string): string[] {
  return [...part.matchAll(literals)]
    .map((match) => (match[1] ?? match[2] ?? match[3] ?? '').replace(/\$\{[^}]*\}/g, ''))
    .filter((text) => /\p{L}/u.test(text));
}

function constantText(source: string, name: string): string | undefined {
  const match = new RegExp(`\\b(?:const|let)\\s+${name.replaceAll('$', '\\$')}\\b[^=\\n]*=\\s*(['"\`][^\\n]*)`).exec(
    source,
  );
  return match?.[1] === undefined ? undefined : textsIn(match[1])[0];
}

/** Every call of `tr` and `tOpen` with its arguments as they are written. */
function callsOf(source: string): Array<readonly [string, string[]]> {
  return [...source.matchAll(/(?<![\w$.])(tr|tOpen)\(/g)].map((match) => {
    const given: string[] = [];
    let depth = 1;
    let from = match.index + match[0].length;
    let at = from;
    for (; at < source.length && depth > 0; at += 1) {
      const sign = source[at] ?? '';
      const quoted = /['"`]/.test(sign) ? literalAt(source, at) : 0;
      if (quoted > 0) at += quoted - 1;
      else if ('([{'.includes(sign)) depth += 1;
      else if (')]}'.includes(sign)) depth -= 1;
      else if (sign === ',' && depth === 1) {
        given.push(source.slice(from, at).trim());
        from = at + 1;
      }
    }
    given.push(source.slice(from, at - 1).trim());
    return [match[1] ?? '', given] as const;
  });
}

/** The length of the literal that begins here, quotes included; 0 where none does. */
function literalAt(source: string, at: number): number {
  const sticky = new RegExp(literals.source, 'y');
  sticky.lastIndex = at;
  return sticky.exec(source)?.[0].length ?? 0;
}

/** Attributes whose values people read or hear. */
const readOut = new Set(
  'aria-label aria-description aria-roledescription aria-valuetext alt title placeholder label help heading text'.split(
    ' ',
  ),
);
/** Elements that show what is typed into a computer, which is no text to translate. */
const typed = new Set(['code', 'kbd', 'pre']);

/** The texts that an expression may come to as it stands: itself, one of two, or a template around what is filled in. */
function comesTo(node: SourceNode): string[] {
  switch (node.type) {
    case 'Literal':
      return [nameOf(node) ?? ''];
    case 'JSXText':
      return [String(node.value).trim()];
    case 'TemplateLiteral':
      return [
        nodesIn(node.quasis)
          .map(({ value }) => (typeof value === 'object' && value !== null && 'cooked' in value ? value.cooked : ''))
          .join(''),
      ];
    case 'ConditionalExpression':
      return [...nodesIn(node.consequent), ...nodesIn(node.alternate)].flatMap(comesTo);
    case 'LogicalExpression':
      return [...nodesIn(node.left), ...nodesIn(node.right)].flatMap(comesTo);
    case 'JSXExpressionContainer':
      return nodesIn(node.expression).flatMap(comesTo);
    default:
      return [];
  }
}

const elementOf = ({ openingElement }: SourceNode): string =>
  isNode(openingElement) ? (nameOf(openingElement.name) ?? '') : '';

/** Texts with words in them that an element shows or says, and that no catalogue knows. */
export function literalMarkup(path: string, source: string): string[] {
  const found: string[] = [];
  walkValues(parseSource(path, source), (node, around) => {
    if (around.some((each) => typed.has(elementOf(each)))) return;
    const shown =
      node.type === 'JSXAttribute'
        ? readOut.has(nameOf(node.name) ?? '')
          ? nodesIn(node.value)
          : []
        : (node.type === 'JSXElement' && !typed.has(elementOf(node))) || node.type === 'JSXFragment'
          ? nodesIn(node.children)
          : [];
    found.push(...shown.flatMap(comesTo).filter((text) => /\p{L}{2}/u.test(text)));
  });
  return found;
}
