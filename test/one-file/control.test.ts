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

/** A node whose only field is a list that no control draws, with these hints. */
const tagged = (hints: string): string => `import { z } from 'zod';
import { next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';

export const plantedTag = defineNode({
  type: 'planted-tag',
  version: 1,
  title: 'Planted tag',
  group: 'people',
  icon: 'tag',
  docs: 'Puts tags onto the people who come by, for lists later.',
  effect: 'none',
  config: z.object({
    tags: z.array(z.object({ planted_tag: z.string(), tint: z.string() })).meta({ ui: { label: 'Tags'${hints} } }),
  }),
  summary: () => 'Tagged',
  outlets: () => [{ id: 'next', label: 'Next' }],
  run: () => next('next'),
});
`;
const nodeFile = 'src/library/people/planted-tag.ts';

const tagsControl = `import { t } from '../lib/translate.ts';
import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

function TagsControl({ id, value }: ControlProps) {
  return <output id={id}>{t('form.planted_tags', { n: Array.isArray(value) ? value.length : 0 })}</output>;
}

export const declared = {
  name: 'planted-tags',
  draws: ['list of {planted_tag, tint}'],
  blank: [{ planted_tag: 'new', tint: 'blue' }],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: TagsControl };
`;
/** Its words: entries of the catalogue of texts. */
const words = `
  'form.planted_tags': { one: '{n} planted tag', other: '{n} planted tags' },`;

/** What the copied library's check says of the planted node; each in a process of its own, as files change between. */
async function problems(): Promise<readonly string[]> {
  const said = await copy.inPackage(
    'editor',
    `
    import { checkNode } from '@signalbox/nodes/define/check-node';
    import { plantedTag } from '@signalbox/nodes/library/people/planted-tag';
    console.log(JSON.stringify(await checkNode(plantedTag, null)));
  `,
  );
  return z.array(z.string()).parse(said);
}

test('a list that no control draws is refused by the check of the library, with what could draw it', async () => {
  copy.write(nodeFile, tagged(''));
  expect(await problems()).toContain(
    'The field tags is a list of {planted_tag, tint}, and its hints name no control. No control draws that yet.',
  );
  copy.write(nodeFile, tagged(", control: 'keywords'"));
  expect(await problems()).toContain(
    'The field tags is a list of {planted_tag, tint}, which the control keywords cannot draw. No control draws that yet.',
  );
});

test('a control is one file and its words in the catalogue: it draws the field, fills in a new step and is known to the check', async () => {
  writeFileSync(join(copy.folder, 'packages/editor/src/forms/planted-tags.control.tsx'), tagsControl);
  copy.insert('editor/src/lib/messages/en/forms.ts', 'export const forms = {', words);
  copy.write(nodeFile, tagged(", control: 'planted-tags'"));
  copy.regenerate();
  expect(copy.changed().sort()).toEqual([
    'editor/src/forms/planted-tags.control.tsx',
    'editor/src/lib/messages/en/forms.ts',
    'nodes/src/define/controls.gen.ts',
    'nodes/src/library/catalogue.gen.ts',
    `nodes/${nodeFile}`,
  ]);
  expect((await problems()).filter((problem) => problem.includes('tags'))).toEqual([]);
  const blank = await copy.inPackage(
    'editor',
    `
    import { newStep } from './flow-model/library.ts';
    console.log(JSON.stringify(newStep('planted-tag', 'x').config));
  `,
  );
  expect(blank).toEqual({ tags: [{ planted_tag: 'new', tint: 'blue' }] });
  const html = await copy.rendered(`
    import { renderToStaticMarkup } from 'react-dom/server';
    import { schemaOf } from './flow-model/library.ts';
    import { SchemaForm } from './forms/schema-form.tsx';
    const values = { tags: [{ planted_tag: 'a', tint: 'b' }, { planted_tag: 'c', tint: 'd' }] };
    console.log(JSON.stringify(renderToStaticMarkup(
      <SchemaForm id="f" schema={schemaOf('planted-tag')} values={values} problems={[]} disabled={false} onChange={() => undefined} />,
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
