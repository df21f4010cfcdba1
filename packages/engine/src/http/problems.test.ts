import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateReasons } from '@signalbox/nodes/gate/gate';
import { isLibraryReason } from '@signalbox/nodes/library/reasons';
import { describe, expect, test } from 'vitest';
import { problemBody, problemTable } from './problems.ts';
import { fieldTexts, reasonTexts } from './texts.ts';

const engine = join(import.meta.dirname, '..');
const phoneNumbers = join(import.meta.dirname, '../../../nodes/src/text/phone-number.ts');
const contactFields = join(import.meta.dirname, '../../../nodes/src/define/contact-fields.ts');
const customFields = join(import.meta.dirname, '../../../nodes/src/define/custom-fields.ts');

type Source = { readonly file: string; readonly text: string };

function sources(folder = engine): Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
}

/** Codes in the first argument of every `new ProblemError(…)`, and of every `refuseTaken(…)`. */
function thrownProblems(all: readonly Source[]): Set<string> {
  const found = new Set<string>();
  for (const { text } of all) {
    for (const [, argument = ''] of text.matchAll(/new ProblemError\(([^,;]*?)(?:,|\);)/gs)) {
      for (const [, code = ''] of argument.matchAll(/'(\w+)'/g)) found.add(code);
    }
    for (const [, code = ''] of text.matchAll(/refuseTaken\('(\w+)'\)/g)) found.add(code);
  }
  return found;
}

/** Codes of the reasons that the engine stores: those in its own words, not those of a provider. */
function givenReasons(all: readonly Source[]): Set<string> {
  const given = new Set<string>();
  for (const { file, text } of all) {
    // Codes of problems and of messages for the terminal are tested elsewhere; why something waits is told and never stored.
    if (/^(api|http|main|db|providers)\/|\/contract\.ts$|^sending\/(why-waiting|routes)\.ts$/.test(file)) continue;
    for (const line of text.split('\n')) {
      // Outcomes of a POST have codes of their own, which are the provider's.
      if (line.includes('errorClass:') || line.includes("kind: 'ambiguous'")) continue;
      for (const shape of [/\bcode: '([a-z_]+)'/g, /"code":"([a-z_]+)"/g, /'code', '([a-z_]+)'/g])
        for (const [, code = ''] of line.matchAll(shape)) given.add(code);
    }
  }
  return given;
}

const withoutText = (codes: ReadonlySet<string>): string[] =>
  [...codes].filter(
    (code) => !isLibraryReason(code) && ![reasonTexts, gateReasons].some((texts) => Object.hasOwn(texts, code)),
  );

/** What differs between the codes listed and the codes used. */
function differences(listed: Iterable<string>, used: ReadonlySet<string>): { notListed: string[]; notUsed: string[] } {
  const table = new Set(listed);
  return {
    notListed: [...used].filter((code) => !table.has(code)),
    notUsed: [...table].filter((code) => !used.has(code)),
  };
}

describe('the table of problems', () => {
  // A refused field is thrown by its own function, whose code is `validation_failed`.
  const used = (all: readonly Source[]) =>
    new Set([...thrownProblems(all)].filter((code) => !Object.hasOwn(fieldTexts, code)));

  test('lists every code that is thrown, and no other', () => {
    expect(differences(Object.keys(problemTable), used(sources()))).toEqual({ notListed: [], notUsed: [] });
  });

  test('turns red for a code thrown but not listed, and for one listed but never thrown', () => {
    const planted = [...sources(), { file: 'planted.ts', text: "throw new ProblemError('made_up');" }];
    expect(differences(Object.keys(problemTable), used(planted)).notListed).toEqual(['made_up']);
    expect(differences([...Object.keys(problemTable), 'never_thrown'], used(sources())).notUsed).toEqual([
      'never_thrown',
    ]);
  });

  test('says what to do about each, in sentences', () => {
    for (const { title, action } of Object.values(problemTable)) {
      expect(title).toMatch(/^\p{Lu}/u);
      expect(action).toMatch(/\.$/);
    }
  });
});

describe('the body of a problem', () => {
  test('says each thing once: a detail stands there only where a case has one', () => {
    expect(problemBody('not_found', 'r1')).not.toHaveProperty('detail');
    expect(problemBody('not_found', 'r1', { detail: 'No flow with this id.' })).toMatchObject({
      title: 'Not found',
      detail: 'No flow with this id.',
    });
  });
});

describe('the catalogue of texts', () => {
  const outside = () =>
    [
      ...sources()
        .filter(({ file }) => file !== 'http/texts.ts')
        .map(({ text }) => text),
      readFileSync(phoneNumbers, 'utf8'),
      readFileSync(contactFields, 'utf8'),
      readFileSync(customFields, 'utf8'),
    ].join('\n');

  test('has no field text that nothing uses', () => {
    const text = outside();
    expect(
      Object.keys(fieldTexts).filter((code) => !text.includes(`'${code}'`) && !text.includes(`fieldTexts.${code}`)),
    ).toEqual([]);
  });

  test('has a text for every reason that the engine gives', () => {
    const given = givenReasons(sources());
    expect(given.size).toBeGreaterThan(10);
    expect(withoutText(given)).toEqual([]);
  });

  test('is seen to lack one, however the reason is written', () => {
    const text = `fail({ code: 'new_in_code' }); '{"code":"new_in_json"}'; jsonb_build_object('code', 'new_in_sql')`;
    expect(withoutText(givenReasons([{ file: 'cohorts/planted.ts', text }]))).toEqual([
      'new_in_code',
      'new_in_json',
      'new_in_sql',
    ]);
    expect(withoutText(givenReasons([{ file: 'api/planted.ts', text }]))).toEqual([]);
  });

  test('has a text for every class of refusal by a provider', () => {
    const text = readFileSync(join(engine, 'providers/provider.ts'), 'utf8');
    const classes = [...(/export type ErrorClass =([^;]+);/.exec(text)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(
      ([, name]) => `provider_${name}`,
    );
    expect(classes.length).toBeGreaterThan(5);
    expect(classes.filter((code) => !Object.hasOwn(reasonTexts, code))).toEqual([]);
  });
});
