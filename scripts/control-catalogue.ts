import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

const forms = 'packages/editor/src/forms';
const target = 'packages/nodes/src/define/controls.gen.ts';

const declarationSchema = z.looseObject({
  name: z.string(),
  draws: z.array(z.string()).min(1),
  blank: z.unknown().optional(),
});

/** The text of the library's list of controls, from what the editor's files declare. They are plain data, so they are read without the rest. */
function controlsSource(root: string): string {
  const declarations = readdirSync(join(root, forms))
    .filter((file) => file.endsWith('.control.tsx'))
    .sort()
    .map((file) => {
      const source = readFileSync(join(root, forms, file), 'utf8');
      const declared = /export const declared = (\{[\s\S]*?\}) satisfies ControlDeclaration;/.exec(source)?.[1];
      if (declared === undefined) throw new Error(`${forms}/${file} declares no control`);
      const { name, draws, blank = null } = declarationSchema.parse(runInNewContext(`(${declared})`));
      return `  ${JSON.stringify(name)}: ${JSON.stringify({ draws, blank })},`;
    });
  return [
    `// Generated from \`${forms}/*.control.tsx\` by \`pnpm catalogue\`. Do not edit.`,
    '/** The controls of the editor: the shapes that each draws, and what a field holds that nobody has filled in yet. */',
    'export const controls = {',
    ...declarations,
    '} as const;',
    '',
  ].join('\n');
}

/** What differs from the controls' files; with `write` it is written instead. */
export function checkControls(root: string, write: boolean): string[] {
  if (!existsSync(join(root, forms))) return [];
  const source = controlsSource(root);
  const path = join(root, target);
  if (write) writeFileSync(path, source);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== source)
    return [`${target} differs from ${forms}. Run \`npx pnpm catalogue\` and commit the result.`];
  return [];
}
