import type { Template } from '@signalbox/engine/templates/contract';
import { missingPolicies } from '@signalbox/nodes/define/message-text';
import { variableName } from '../forms/insertions.ts';
import { useContactFields } from '../lib/contact-fields.ts';
import { t, tOpen } from '../lib/translate.ts';
import { languageName } from '../people/languages.ts';
import { WordDiff } from './word-diff.tsx';

type Content = Template['content'];
type Text = Content['texts'][number];

/** What differs between two contents of a template: each language by words, and what is done where something is not known. */
export function ContentDiff({ before, after }: { readonly before: Content | null; readonly after: Content }) {
  const textIn = (content: Content | null, language: string) =>
    content?.texts.find((text) => text.language === language) ?? null;
  const languages = [...new Set([...after.texts, ...(before?.texts ?? [])].map(({ language }) => language))];
  return (
    <ul className="flex flex-col gap-4">
      {languages.map((language) => {
        const [old, present] = [textIn(before, language), textIn(after, language)];
        const note =
          old === null ? 'templates.diff.language_new' : present === null ? 'templates.diff.language_gone' : null;
        return (
          <li key={language}>
            <h3 className="mb-1 font-medium text-sm">
              {languageName(language)}
              {note === null ? null : <span className="ml-2 font-normal text-ink-3">{t(note)}</span>}
            </h3>
            <div className="rounded-md border border-line bg-sunken p-3">
              <WordDiff before={old?.text ?? ''} after={present?.text ?? ''} lang={language} />
              <PolicyChanges before={old} after={present} />
            </div>
          </li>
        );
      })}
      {before !== null && before.default_language !== after.default_language ? (
        <li className="text-sm">{t('templates.diff.default', { language: languageName(after.default_language) })}</li>
      ) : null}
    </ul>
  );
}

function PolicyChanges({ before, after }: { readonly before: Text | null; readonly after: Text | null }) {
  const own = useContactFields();
  const line = (policy: Text['missing'][number]): string => {
    const known = missingPolicies.find((each) => each === policy.do);
    const what = known === undefined ? policy.do : tOpen(`missing.${known}`, known);
    return `${variableName(policy.variable, own)}: ${what}${policy.do === 'say' ? ` “${policy.say}”` : ''}`;
  };
  const [old, present] = [before?.missing ?? [], after?.missing ?? []].map((list) => list.map(line));
  const gone = (old ?? []).filter((each) => present?.includes(each) !== true);
  const come = (present ?? []).filter((each) => old?.includes(each) !== true);
  if (gone.length + come.length === 0) return null;
  return (
    <ul className="mt-2 border-line border-t pt-2 text-sm">
      {gone.map((each) => (
        <li key={each}>
          <del className="text-stop">{each}</del>
        </li>
      ))}
      {come.map((each) => (
        <li key={each}>
          <ins className="text-live underline-offset-3">{each}</ins>
        </li>
      ))}
    </ul>
  );
}
