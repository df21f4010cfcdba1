import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { copyLibrary, type LibraryCopy } from './library-copy.ts';

let copy: LibraryCopy;
beforeAll(() => {
  copy = copyLibrary();
});
afterAll(() => copy.remove());

/** A node whose only field is a list of tags, with these hints. */
const tagged = (hints: string): string => `import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';

export const tag = defineNode({
  type: 'tag',
  version: 1,
  title: 'Tag',
  group: 'people',
  icon: 'tag',
  docs: 'Puts tags onto the people who come by, for lists later.',
  effect: 'none',
  config: z.object({ tags: z.array(z.object({ tag: z.string(), colour: z.string() })).meta({ ui: { label: 'Tags'${hints} } }) }),
  summary: () => 'Tagged',
  outlets: () => [{ id: 'next', label: 'Next' }],
  run: () => next('next'),
});
`;

const tagsControl = `import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

function TagsControl({ id, value }: ControlProps) {
  return <output id={id}>{Array.isArray(value) ? value.length : 0} planted tags</output>;
}

export const declared = {
  name: 'tags',
  draws: ['list of {colour, tag}'],
  blank: [{ tag: 'new', colour: 'blue' }],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: TagsControl };
`;

/** What the copied library's check says of the planted node; each in a process of its own, as files change between. */
async function problems(): Promise<readonly string[]> {
  const said = await copy.inPackage(
    'editor',
    `
    import { checkNode } from '@signalbox/nodes/define/check-node';
    import { tag } from '@signalbox/nodes/library/people/tag';
    console.log(JSON.stringify(await checkNode(tag, null)));
  `,
  );
  return z.array(z.string()).parse(said);
}

test('a list that no control draws is refused by the check of the library, with what could draw it', async () => {
  copy.write('src/library/people/tag.ts', tagged(''));
  expect(await problems()).toContain(
    'The field tags is a list of {colour, tag}, and its hints name no control. No control draws that yet.',
  );
  copy.write('src/library/people/tag.ts', tagged(", control: 'keywords'"));
  expect(await problems()).toContain(
    'The field tags is a list of {colour, tag}, which the control keywords cannot draw. No control draws that yet.',
  );
});

test('a control is one file: it draws the field, fills in a new step and is known to the check', async () => {
  writeFileSync(join(copy.folder, 'packages/editor/src/forms/tags.control.tsx'), tagsControl);
  copy.write('src/library/people/tag.ts', tagged(", control: 'tags'"));
  copy.regenerate();
  expect(copy.changed().sort()).toEqual([
    'editor/src/forms/tags.control.tsx',
    'nodes/src/define/controls.gen.ts',
    'nodes/src/library/catalogue.gen.ts',
    'nodes/src/library/people/tag.ts',
  ]);
  expect((await problems()).filter((problem) => problem.includes('tags'))).toEqual([]);
  const blank = await copy.inPackage(
    'editor',
    `
    import { newStep } from './flow-model/library.ts';
    console.log(JSON.stringify(newStep('tag', 'x').config));
  `,
  );
  expect(blank).toEqual({ tags: [{ tag: 'new', colour: 'blue' }] });
  const html = await copy.rendered(`
    import { renderToStaticMarkup } from 'react-dom/server';
    import { schemaOf } from './flow-model/library.ts';
    import { SchemaForm } from './forms/schema-form.tsx';
    const values = { tags: [{ tag: 'a', colour: 'b' }, { tag: 'c', colour: 'd' }] };
    console.log(JSON.stringify(renderToStaticMarkup(
      <SchemaForm id="f" schema={schemaOf('tag')} values={values} problems={[]} disabled={false} onChange={() => undefined} />,
    )));
  `);
  expect(html).toContain('2 planted tags');
}, 60_000);

test('shares are drawn with their sum', async () => {
  const html = await copy.rendered(`
    import { renderToStaticMarkup } from 'react-dom/server';
    import { SchemaForm } from './forms/schema-form.tsx';
    import { HintProvider } from './ui/tooltip.tsx';
    const share = { type: 'object', properties: { id: { type: 'string' }, label: { type: 'string' }, percent: { type: 'integer' } } };
    const schema = { type: 'object', properties: { split: { type: 'array', items: share, ui: { label: 'Split', control: 'shares' } } } };
    const values = { split: [{ id: 'a', label: 'A', percent: 60 }, { id: 'b', label: 'B', percent: 30 }] };
    console.log(JSON.stringify(renderToStaticMarkup(
      <HintProvider><SchemaForm id="f" schema={schema} values={values} problems={[]} disabled={false} onChange={() => undefined} /></HintProvider>,
    )));
  `);
  expect(html).toContain('add up to 90 %');
  expect(html).toContain('Percentage of share 2');
}, 60_000);
