import { expect, test } from 'vitest';
import { scanImports } from './scan-imports.ts';

const cases: ReadonlyArray<readonly [string, string, ReadonlyArray<readonly [string, boolean]>]> = [
  ['a named import', "import { a } from './a.ts';", [['./a.ts', false]]],
  ['a type import', "import type { A } from './a.ts';", [['./a.ts', true]]],
  ['inline types stay as an import', "import { type A } from './a.ts';", [['./a.ts', false]]],
  ['a bare import', "import './a.css';", [['./a.css', false]]],
  ['a name called type', "import type from './a.ts';", [['./a.ts', false]]],
  [
    'several lines',
    'import {\n  a,\n  b,\n} from \'./a.ts\';\nimport c from "c";',
    [
      ['./a.ts', false],
      ['c', false],
    ],
  ],
  [
    're-exports',
    "export { a } from './a.ts';\nexport * from './b.ts';\nexport type { C } from './c.ts';",
    [
      ['./a.ts', false],
      ['./b.ts', false],
      ['./c.ts', true],
    ],
  ],
  [
    'dynamic imports',
    "const a = await import('./a.ts');\ntype B = typeof import('./b.ts');",
    [
      ['./a.ts', false],
      ['./b.ts', true],
    ],
  ],
  ['not a comment', "// import a from 'a';\n/* import b from 'b'; */\nimport c from 'c';", [['c', false]]],
  ['not a string', "const text = \"import a from 'a'\";\nimport c from 'c';", [['c', false]]],
  [
    'not a template',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template in the source under test
    "const text = `\nimport a from 'a';\n${f('}')}\nimport b from 'b';\n`;\nimport c from 'c';",
    [['c', false]],
  ],
  ['after a regular expression with quotes', "const quote = /['\"`]/g;\nimport c from 'c';", [['c', false]]],
  ['after an apostrophe in an element', "const a = <p>Don't</p>;\nconst b = import('b');", [['b', false]]],
  ['after a division', "const half = a / b; const s = '/'; import c from 'c';", [['c', false]]],
  ['no member called import', "a.import('b');", []],
];

for (const [name, source, expected] of cases) {
  test(name, () => {
    expect(scanImports(source).map((reference) => [reference.specifier, reference.typeOnly])).toEqual(expected);
  });
}

test('says the line', () => {
  expect(scanImports("\n\nimport { a } from './a.ts';")[0]?.line).toBe(3);
});
