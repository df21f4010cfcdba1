import { diffArrays } from 'diff';
import { useMemo } from 'react';
import { t } from '../lib/translate.ts';

/** Words, what stands between them, and placeholders whole: half of one tells nobody anything. */
const tokens = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\s+|[\p{L}\p{N}'’]+|[^\s\p{L}\p{N}]/gu;
const tokensOf = (text: string): string[] => text.match(tokens) ?? [];

/** A text with what was taken out and what came in, word by word: by colour, by lines through and under, and in words for screen readers. */
export function WordDiff({
  before,
  after,
  lang,
}: {
  readonly before: string;
  readonly after: string;
  readonly lang: string;
}) {
  const parts = useMemo(
    () =>
      diffArrays(tokensOf(before), tokensOf(after)).map(({ value, ...part }) => ({ ...part, value: value.join('') })),
    [before, after],
  );
  if (before === after) return <p className="text-ink-3 text-sm">{t('templates.diff.same')}</p>;
  return (
    <pre dir="auto" lang={lang} className="whitespace-pre-wrap font-sans text-base [overflow-wrap:anywhere]">
      {parts.map(({ value, added, removed }, index) => {
        const key = `${index} ${value}`;
        if (added)
          return (
            <ins key={key} className="rounded-sm bg-live-soft text-live underline decoration-2 underline-offset-3">
              <span className="sr-only">{t('templates.diff.added')} </span>
              {value}
            </ins>
          );
        if (removed)
          return (
            <del key={key} className="rounded-sm bg-stop-soft text-stop line-through">
              <span className="sr-only">{t('templates.diff.removed')} </span>
              {value}
            </del>
          );
        return <span key={key}>{value}</span>;
      })}
    </pre>
  );
}
