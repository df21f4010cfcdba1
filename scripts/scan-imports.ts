/** One module reference in a source file. */
export type ImportReference = {
  readonly specifier: string;
  /** Gone when types are stripped: `import type`, `export type … from`, `typeof import(…)`. */
  readonly typeOnly: boolean;
  /** 1-based. */
  readonly line: number;
};

/**
 * The module references of a TypeScript source, found without a compiler: comments, templates and regular expressions are masked,
 * so that text which merely looks like an import is none. `import { type A } from 'a'` counts as a value import, because it stays
 * as `import {} from 'a'` when types are stripped.
 */
export function scanImports(source: string): ImportReference[] {
  const { masked, strings } = maskLiterals(source);
  const found: ImportReference[] = [];
  const add = (index: number, literal: string | undefined, typeOnly: boolean): void => {
    const specifier = strings[Number(literal)];
    if (specifier === undefined) return;
    found.push({ specifier, typeOnly, line: masked.slice(0, index).split('\n').length });
  };
  for (const match of masked.matchAll(/(?<![\w$.])import\s+(type\s+(?!from\b))?(?:[^'"();]*?\sfrom\s*)?"(\d+)"/g)) {
    add(match.index, match[2], match[1] !== undefined);
  }
  for (const match of masked.matchAll(
    /(?<![\w$.])export\s+(type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^{}"]*\})\s*from\s*"(\d+)"/g,
  )) {
    add(match.index, match[2], match[1] !== undefined);
  }
  for (const match of masked.matchAll(/(?<![\w$.])(typeof\s+)?import\s*\(\s*"(\d+)"/g)) {
    add(match.index, match[2], match[1] !== undefined);
  }
  return found.sort((a, b) => a.line - b.line);
}

/** Replaces comments and regular expressions by blanks, and each string by `"n"`, its place in `strings`. Lines stay. */
export function maskLiterals(source: string): { readonly masked: string; readonly strings: readonly string[] } {
  const strings: string[] = [];
  let masked = '';
  let at = 0;
  // Braces open inside each `${…}` that we are in.
  const templates: number[] = [];
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

  const template = (): void => {
    let end = at;
    for (; end < source.length; end += 1) {
      if (source[end] === '\\') end += 1;
      else if (source[end] === '`') {
        masked += `${blank(source.slice(at, end))}\``;
        at = end + 1;
        return;
      } else if (source.startsWith('${', end)) {
        masked += `${blank(source.slice(at, end))}\${`;
        at = end + 2;
        templates.push(0);
        return;
      }
    }
    masked += blank(source.slice(at));
    at = source.length;
  };

  while (at < source.length) {
    const character = source[at] ?? '';
    const rest = source.slice(at, at + 2);
    if (rest === '//' || rest === '/*') {
      const close = rest === '//' ? source.indexOf('\n', at) : source.indexOf('*/', at + 2);
      const end = close < 0 ? source.length : rest === '//' ? close : close + 2;
      masked += blank(source.slice(at, end));
      at = end;
    } else if (character === "'" || character === '"') {
      const literal = /^(['"])((?:\\.|(?!\1)[^\\\n])*)\1/.exec(source.slice(at, at + 4_000));
      if (literal === null) {
        // An apostrophe in the text of an element.
        masked += ' ';
        at += 1;
      } else {
        masked += `"${strings.push(literal[2] ?? '') - 1}"`;
        at += literal[0].length;
      }
    } else if (character === '`') {
      masked += '`';
      at += 1;
      template();
    } else if (
      character === '/' &&
      /(^|[=(,:[!&|?{};\n>]|\b(?:return|typeof|case|of|in))\s*$/.test(masked.slice(-40))
    ) {
      const expression = /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/.exec(source.slice(at, at + 2_000));
      const length = expression?.[0].length ?? 1;
      masked += blank(source.slice(at, at + length));
      at += length;
    } else {
      const depth = templates.length - 1;
      const open = templates[depth];
      masked += character;
      at += 1;
      if (open === undefined) continue;
      if (character === '{') templates[depth] = open + 1;
      else if (character === '}' && open > 0) templates[depth] = open - 1;
      else if (character === '}') {
        templates.pop();
        template();
      }
    }
  }
  return { masked, strings };
}
