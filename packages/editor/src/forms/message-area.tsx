import type { TemplateEntry } from '@signalbox/engine/templates/contract';
import type { MissingValue } from '@signalbox/nodes/define/message-text';
import { withSnippets } from '@signalbox/nodes/templates/snippets';
import { TemplateError } from '@signalbox/nodes/templates/template-error';
import type { LinkLook } from '@signalbox/nodes/text/utm';
import { Braces } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { cn } from '../lib/cn.ts';
import { useCodePools } from '../lib/codes.ts';
import { useContactFields } from '../lib/contact-fields.ts';
import { useSnippets } from '../lib/templates.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Textarea } from '../ui/input.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { type Completion, complete, completionAt, type Offered } from './completion.ts';
import { completions, insertions } from './insertions.ts';
import { MessageMeter } from './message-meter.tsx';

type MessageAreaProps = {
  readonly id: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly disabled: boolean;
  readonly placeholder?: string | undefined;
  /** How links look where they do not go out as they are written. */
  readonly links: LinkLook | null;
  /** What the text does where something is not known. */
  readonly missing: readonly MissingValue[];
  /** A snippet names no snippets. */
  readonly withSnippets?: boolean;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: boolean | undefined;
  /** What language it is in. */
  readonly lang?: string | undefined;
};

const noSnippets: readonly TemplateEntry[] = [];

/** The text as it is with its snippets in it, for measuring; those that there are not count nothing. */
function expanded(text: string, snippets: readonly TemplateEntry[]): string {
  try {
    const find = (key: string) => snippets.find((snippet) => snippet.key === key)?.text ?? '';
    return withSnippets({ text, missing: [] }, ({ key }) => ({ text: find(key), missing: [] })).text;
  } catch (error) {
    if (error instanceof TemplateError) return text;
    throw error;
  }
}

/** A message as it is written: placeholders are completed while one types, or put in from a menu; below, what sending it takes. */
export function MessageArea({
  id,
  value: text,
  onChange,
  disabled,
  placeholder,
  links,
  missing,
  withSnippets: takesSnippets = true,
  lang,
  ...described
}: MessageAreaProps) {
  const own = useContactFields();
  const read = useSnippets();
  const snippets = takesSnippets ? read : noSnippets;
  const pools = useCodePools();
  const known = useMemo(() => completions(own, snippets, pools), [own, snippets, pools]);
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [offered, setOffered] = useState<Offered | null>(null);
  const [marked, setMarked] = useState(0);
  // Where the cursor goes once the menu is gone, behind what was put in.
  const caret = useRef<number | null>(null);
  const putCaret = (at: number) => {
    field.current?.focus();
    field.current?.setSelectionRange(at, at);
  };
  const insert = (piece: string) => {
    const area = field.current;
    const [start, end] = area === null ? [text.length, text.length] : [area.selectionStart, area.selectionEnd];
    onChange(text.slice(0, start) + piece + text.slice(end));
    caret.current = start + piece.length;
  };
  const offer = (area: HTMLTextAreaElement) => {
    setOffered(area.selectionStart === area.selectionEnd ? completionAt(area.value, area.selectionStart, known) : null);
    setMarked(0);
  };
  // Names that come while somebody writes are offered as if they had been there.
  const found = known.length;
  const before = useRef(found);
  useEffect(() => {
    const area = field.current;
    if (before.current !== found && area !== null && area === document.activeElement) offer(area);
    before.current = found;
  });
  const choose = (option: Completion) => {
    if (offered === null) return;
    const done = complete(text, offered, option);
    onChange(done.text);
    setOffered(null);
    requestAnimationFrame(() => putCaret(done.caret));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (offered === null || event.nativeEvent.isComposing) return;
    const count = offered.options.length;
    const option = offered.options[marked];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
      setMarked((marked + (event.key === 'ArrowDown' ? 1 : count - 1)) % count);
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && option !== undefined) choose(option);
    else if (event.key === 'Escape') setOffered(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="relative">
        <Textarea
          ref={field}
          id={id}
          rows={5}
          lang={lang}
          value={text}
          disabled={disabled}
          placeholder={placeholder}
          onChange={(event) => {
            onChange(event.target.value);
            offer(event.target);
          }}
          onKeyDown={onKeyDown}
          onClick={() => setOffered(null)}
          onBlur={() => setOffered(null)}
          aria-autocomplete="list"
          aria-controls={offered === null ? undefined : listId}
          aria-activedescendant={offered === null ? undefined : `${listId}-${marked}`}
          className="field-sizing-content max-h-84 min-h-32 pb-11"
          {...described}
        />
        {disabled ? null : (
          <div className="absolute bottom-1.5 left-1.5">
            <Menu
              align="start"
              onClosed={(event) => {
                if (caret.current === null) return;
                event.preventDefault();
                putCaret(caret.current);
                caret.current = null;
              }}
              trigger={
                <Button kind="ghost" size="sm">
                  <Braces aria-hidden />
                  {t('form.insert_detail')}
                </Button>
              }
            >
              <div className="thin-scroll max-h-80 overflow-y-auto">
                {insertions(own, snippets, pools).map(({ label, text: piece }) => (
                  <MenuItem key={piece} onSelect={() => insert(piece)}>
                    {label}
                  </MenuItem>
                ))}
              </div>
            </Menu>
          </div>
        )}
        {offered === null ? null : (
          <Offers id={listId} offered={offered} marked={marked} onMark={setMarked} onChoose={choose} />
        )}
      </div>
      <MessageMeter
        source={expanded(text, snippets)}
        written={text}
        missing={missing}
        links={links}
        onReplace={disabled ? null : onChange}
        onShow={(index, length) => {
          field.current?.focus();
          field.current?.setSelectionRange(index, index + length);
        }}
      />
    </div>
  );
}

/** What may stand where the cursor is. The focus stays in the text. */
function Offers({
  id,
  offered,
  marked,
  onMark,
  onChoose,
}: {
  readonly id: string;
  readonly offered: Offered;
  readonly marked: number;
  readonly onMark: (index: number) => void;
  readonly onChoose: (option: Completion) => void;
}) {
  return (
    <div className="absolute inset-x-0 top-full z-30 mt-1 overflow-hidden rounded-lg border border-line bg-raised shadow-float">
      <div
        id={id}
        role="listbox"
        aria-label={t('form.completions')}
        className="thin-scroll max-h-64 overflow-y-auto p-1"
      >
        {offered.options.map((option, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the text keeps the focus and names the marked one
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text takes the keys
          <div
            key={option.text}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === marked}
            onMouseMove={() => onMark(index)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(option)}
            className={cn(
              'flex min-h-7 cursor-pointer items-baseline gap-3 rounded-md px-2 py-1 text-sm max-md:min-h-11 max-md:items-center',
              index === marked && 'bg-hover',
            )}
          >
            <code className="min-w-0 truncate font-mono">{option.text}</code>
            {option.label === option.text ? null : (
              <span dir="auto" className="min-w-0 flex-1 truncate text-right text-ink-3">
                {option.label}
              </span>
            )}
          </div>
        ))}
      </div>
      <p className="border-line border-t px-3 py-1.5 text-ink-3 text-xs max-md:hidden">{t('form.completions.keys')}</p>
    </div>
  );
}
