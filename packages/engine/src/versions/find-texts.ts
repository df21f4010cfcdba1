import type { MessageText } from '@signalbox/nodes/define/message-text';
import type { FoundText, SoughtText } from '@signalbox/nodes/define/ports';
import { snippetsIn, snippetText, withSnippets } from '@signalbox/nodes/templates/snippets';
import { textInLanguage } from '@signalbox/nodes/templates/template-content';
import { TemplateError } from '@signalbox/nodes/templates/template-error';
import type { Scope } from '../db/work.ts';
import { readShown } from '../http/ids.ts';
import { readTemplateVersions, type TemplateVersion } from './template-versions.ts';

/** A text that somebody is to get, and what language they read. */
export type Asked = { readonly sought: SoughtText; readonly language: string | null };

/**
 * The texts that people are to get, in their languages and with their snippets; null where a template or a snippet is gone. Statements do
 * not grow with the people: which versions are the newest is asked once for the templates and once for the snippets that they name.
 */
export async function findTexts(scope: Scope, asked: readonly Asked[]): Promise<ReadonlyArray<FoundText | null>> {
  const versions = await versionsOf(scope, asked);
  const chosen = asked.map(({ sought, language }) => {
    if ('written' in sought) return { ...sought.written, of: null };
    const version = versions.get(nameOf(sought.template)) ?? null;
    if (version === null) return null;
    const { text, missing, language: spoken } = textInLanguage(version.content, language);
    return { text, missing, of: { versionId: version.id, language: spoken } };
  });
  const snippets = await snippetsOf(scope, chosen);
  const filled = new Map<string, MessageText | null>();
  return chosen.map((text, index) => {
    if (text === null || snippetsIn(text.text).length === 0) return text;
    const language = text.of?.language ?? asked[index]?.language ?? null;
    // People of a cohort get the same few texts.
    const name = JSON.stringify([text.text, language, text.missing]);
    const known = filled.get(name);
    const whole = known === undefined ? complete(text, language, snippets) : known;
    filled.set(name, whole);
    return whole === null ? null : { ...whole, of: text.of };
  });
}

type Named = { readonly id: string; readonly version: number | null };
const nameOf = ({ id, version }: Named): string => `${id} ${version ?? ''}`;

async function versionsOf(scope: Scope, asked: readonly Asked[]): Promise<ReadonlyMap<string, TemplateVersion | null>> {
  const named = new Map<string, Named>();
  for (const { sought } of asked) if ('template' in sought) named.set(nameOf(sought.template), sought.template);
  const wanted = [...named].flatMap(([name, { id, version }]) => {
    const uuid = readShown('template', id);
    return uuid === null ? [] : [{ name, id: uuid, version }];
  });
  const found = await readTemplateVersions(scope, wanted);
  return new Map(wanted.map(({ name }, index) => [name, found[index] ?? null]));
}

async function snippetsOf(
  scope: Scope,
  texts: ReadonlyArray<FoundText | null>,
): Promise<ReadonlyMap<string, TemplateVersion | null>> {
  const sources = new Set(texts.flatMap((text) => (text === null ? [] : [text.text])));
  const refs = new Map([...sources].flatMap(snippetsIn).map((ref) => [snippetText(ref), ref]));
  const found = await readTemplateVersions(scope, [...refs.values()]);
  return new Map([...refs.keys()].map((name, index) => [name, found[index] ?? null]));
}

function complete(
  text: MessageText,
  language: string | null,
  snippets: ReadonlyMap<string, TemplateVersion | null>,
): MessageText | null {
  try {
    return withSnippets(text, (ref) => {
      const version = snippets.get(snippetText(ref)) ?? null;
      return version === null ? null : textInLanguage(version.content, language);
    });
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}
