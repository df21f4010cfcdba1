import type { ContactField } from '@signalbox/engine/contacts/contract';
import { contactFieldList } from '@signalbox/nodes/define/contact-fields';
import { insertedText } from '@signalbox/nodes/define/custom-fields';
import { linkCodeLength, reckonedShortLink } from '@signalbox/nodes/text/links';
import { useQuery } from '@tanstack/react-query';
import { Braces } from 'lucide-react';
import { useRef } from 'react';
import { useContactFields } from '../lib/contact-fields.ts';
import { queryClient } from '../lib/queries.ts';
import { t, tr } from '../lib/translate.ts';
import { workspaceQuery } from '../lib/workspace.ts';
import { Button } from '../ui/button.tsx';
import { Textarea } from '../ui/input.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { type Control, type ControlDeclaration, type ControlProps, described } from './control-props.ts';
import { MessageMeter } from './message-meter.tsx';

/** What can be put into a message: details of the person, and what brought them here. */
export const insertions = (own: readonly ContactField[]) => [
  ...contactFieldList.flatMap(({ insert }) =>
    insert === null ? [] : [{ label: tr(insert.label), text: insert.text }],
  ),
  ...own.map((field) => ({ label: field.label, text: insertedText(field) })),
  { label: t('form.variable.attribute'), text: '{{ contact.attributes.name }}' },
  { label: t('form.variable.reply'), text: '{{ reply.text }}' },
  { label: t('form.variable.event'), text: '{{ event.data.name }}' },
];

/** What the workspace's short links look like, where they are asked for; null where not. */
function useShortLink(asked: boolean): string | null {
  const { data } = useQuery({ ...workspaceQuery, enabled: asked }, queryClient);
  if (!asked) return null;
  if (data === undefined) return reckonedShortLink;
  const base = data.link_domain === null ? `${window.location.origin}/l/` : `https://${data.link_domain}/`;
  return base + '0'.repeat(linkCodeLength);
}

/** The text of an SMS: details of the person can be put in; below it, what sending it takes. */
function MessageControl({ id, ui, value, beside, onChange, problems, disabled }: ControlProps) {
  const own = useContactFields();
  const field = useRef<HTMLTextAreaElement>(null);
  const shortLink = useShortLink(beside('shorten_links') === true);
  const text = typeof value === 'string' ? value : '';
  // Where the cursor goes once the menu is gone, behind what was put in.
  const caret = useRef<number | null>(null);
  const writeOn = (event: Event) => {
    if (caret.current === null) return;
    event.preventDefault();
    field.current?.focus();
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  };
  const insert = (piece: string) => {
    const area = field.current;
    const [start, end] = area === null ? [text.length, text.length] : [area.selectionStart, area.selectionEnd];
    onChange(text.slice(0, start) + piece + text.slice(end));
    caret.current = start + piece.length;
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="relative">
        <Textarea
          ref={field}
          id={id}
          rows={5}
          value={text}
          disabled={disabled}
          placeholder={ui?.placeholder === undefined ? undefined : tr(ui.placeholder)}
          onChange={(event) => onChange(event.target.value)}
          className="field-sizing-content max-h-84 min-h-32 pb-11"
          {...described(id, problems)}
        />
        {disabled ? null : (
          <div className="absolute bottom-1.5 left-1.5">
            <Menu
              align="start"
              onClosed={writeOn}
              trigger={
                <Button kind="ghost" size="sm">
                  <Braces aria-hidden />
                  {t('form.insert_detail')}
                </Button>
              }
            >
              {insertions(own).map(({ label, text: piece }) => (
                <MenuItem key={piece} onSelect={() => insert(piece)}>
                  {label}
                </MenuItem>
              ))}
            </Menu>
          </div>
        )}
      </div>
      <MessageMeter
        source={text}
        shortLink={shortLink}
        onReplace={disabled ? null : onChange}
        onShow={(index, length) => {
          field.current?.focus();
          field.current?.setSelectionRange(index, index + length);
        }}
      />
    </div>
  );
}

export const declared = {
  name: 'message',
  draws: ['text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: MessageControl };
