import type { MissingValue } from '@signalbox/nodes/define/message-text';
import { constantFailures } from '@signalbox/nodes/templates/template-constants';
import { TemplateError } from '@signalbox/nodes/templates/template-error';
import {
  type MeasuredText,
  measureSample,
  measureWorstCase,
  sampleData,
} from '@signalbox/nodes/templates/template-sample';
import { templateVariables } from '@signalbox/nodes/templates/templates';
import {
  type ForcingCharacter,
  forcingCharacters,
  replaceForcingCharacters,
  segmentText,
} from '@signalbox/nodes/text/segments';
import type { LinkLook } from '@signalbox/nodes/text/utm';
import { Languages, WandSparkles } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { formatNumber } from '../lib/format.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';

type Measured = { readonly sample: MeasuredText; readonly worst: MeasuredText } | null;

/** Null for a text that nobody can be sent; its problems say why. */
function measure(source: string, links: LinkLook | null, missing: readonly MissingValue[]): Measured {
  try {
    if (constantFailures(source).length > 0) return null;
    return {
      sample: measureSample(source, sampleData, links, missing),
      worst: measureWorstCase(source, templateVariables(source), {}, links, missing),
    };
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw error;
  }
}

type MeterProps = {
  /** The text with its snippets in it. */
  readonly source: string;
  /** The text as it is written: what can be replaced in it. */
  readonly written: string;
  /** What it does where something is not known. */
  readonly missing: readonly MissingValue[];
  /** How links look where they do not go out as they are written. */
  readonly links: LinkLook | null;
  /** Replaces the text; null where it cannot be edited. */
  readonly onReplace: ((text: string) => void) | null;
  /** Selects a part of the text, by UTF-16 index. */
  readonly onShow: (index: number, length: number) => void;
};

/** What a message costs to send: characters, encoding, segments for a sample and at worst, and what makes it dearer. */
export function MessageMeter({ source, written, missing, links, onReplace, onShow }: MeterProps) {
  const settled = useDeferredValue(source);
  const measured = useMemo(() => measure(settled, links, missing), [settled, links, missing]);
  const forcing = useMemo(() => forcingCharacters(written), [written]);
  if (settled === '' || measured === null) {
    return <p className="text-ink-3 text-sm">{settled === '' ? t('meter.empty') : t('meter.broken')}</p>;
  }
  const { sample, worst } = measured;
  return (
    <div className="flex flex-col gap-2.5">
      <dl
        className="grid grid-cols-3 divide-x divide-line rounded-md border border-line bg-sunken text-center"
        aria-live="polite"
      >
        <Figure term={t('meter.characters')} value={formatNumber(sample.characters)} />
        <Figure term={t('meter.encoding')} value={sample.encoding} />
        <Figure term={t('meter.segments')} value={formatNumber(sample.segments)} />
      </dl>
      <p className="text-ink-2 text-sm">
        {worst.characters === sample.characters && worst.segments === sample.segments
          ? t('meter.same_for_all', { n: sample.remaining })
          : t('meter.worst', { n: worst.segments, characters: worst.characters, encoding: worst.encoding })}
      </p>
      {forcing.length > 0 ? <Forcing forcing={forcing} source={written} onReplace={onReplace} onShow={onShow} /> : null}
      <Preview text={sample.text} />
    </div>
  );
}

function Figure({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div className="px-2 py-1.5">
      <dt className="text-ink-3 text-xs">{term}</dt>
      <dd className="font-semibold">{value}</dd>
    </div>
  );
}

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Characters named one by one. */
const mostShown = 8;

/** Names the exact characters that make every segment shorter, and replaces what can be replaced. */
function Forcing({
  forcing,
  source,
  onReplace,
  onShow,
}: { readonly forcing: readonly ForcingCharacter[] } & Omit<MeterProps, 'links' | 'written' | 'missing'>) {
  const distinct = forcing.filter(
    (each, index) => forcing.findIndex((other) => other.character === each.character) === index,
  );
  const fixed = replaceForcingCharacters(source);
  const replaceable = fixed !== source;
  return (
    <div className="rounded-md bg-wait-soft p-2.5 text-sm">
      <p className="flex gap-2">
        <Languages aria-hidden className="mt-0.5 size-4 shrink-0 text-wait" />
        <span>{t('meter.forcing', { n: distinct.length })}</span>
      </p>
      <ul className="mt-2 flex flex-wrap gap-1.5">
        {distinct.slice(0, mostShown).map((each) => (
          <li key={each.character}>
            <button
              type="button"
              onClick={() => onShow(each.index, each.character.length)}
              className="num inline-flex min-h-6 items-center gap-1.5 rounded-md border border-line bg-raised px-1.5 hover:bg-hover"
            >
              <bdi className="font-semibold">{each.character}</bdi>
              <span className="font-mono text-ink-3 text-xs">{codePoint(each.character)}</span>
              {each.replacement === null ? null : <span className="text-ink-2">→ {each.replacement}</span>}
            </button>
          </li>
        ))}
        {distinct.length > mostShown ? (
          <li className="num self-center text-ink-2">{t('meter.and_more', { n: distinct.length - mostShown })}</li>
        ) : null}
      </ul>
      {replaceable && onReplace !== null ? (
        <Button size="sm" className="mt-2.5" onClick={() => onReplace(fixed)}>
          <WandSparkles aria-hidden />
          {t('meter.replace')}
        </Button>
      ) : null}
    </div>
  );
}

/** The message as a sample person would get it, with faint ticks where segments end. */
function Preview({ text }: { readonly text: string }) {
  const ranges = useMemo(() => segmentText(text).ranges, [text]);
  return (
    <figure className="rounded-md border border-line bg-sunken p-3">
      <figcaption className="mb-2 text-ink-3 text-xs">{t('meter.preview')}</figcaption>
      <div
        dir="auto"
        className="w-fit max-w-[88%] whitespace-pre-wrap rounded-[16px] rounded-bl-[5px] bg-bubble-in px-3 py-1.5 text-base [overflow-wrap:anywhere]"
      >
        {ranges.map((range, index) => (
          <span key={range.start}>
            {index === 0 ? null : (
              <span
                aria-hidden
                title={t('phone.segment_break')}
                className="mx-px inline-block h-3 w-px translate-y-0.5 bg-ink-3/60"
              />
            )}
            {text.slice(range.start, range.end)}
          </span>
        ))}
      </div>
    </figure>
  );
}
