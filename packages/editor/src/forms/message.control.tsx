import { missingValuesSchema } from '@signalbox/nodes/define/message-text';
import { utmSchema } from '@signalbox/nodes/define/utm';
import { linkCodeLength, reckonedShortLink } from '@signalbox/nodes/text/links';
import { linkLook } from '@signalbox/nodes/text/utm';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queryClient } from '../lib/queries.ts';
import { tr } from '../lib/translate.ts';
import { workspaceQuery } from '../lib/workspace.ts';
import { type Control, type ControlDeclaration, type ControlProps, described } from './control-props.ts';
import { MessageArea } from './message-area.tsx';

/** What the workspace's short links look like, where they are asked for; null where not. */
function useShortLink(asked: boolean): string | null {
  const { data } = useQuery({ ...workspaceQuery, enabled: asked }, queryClient);
  if (!asked) return null;
  if (data === undefined) return reckonedShortLink;
  const base = data.link_domain === null ? `${window.location.origin}/l/` : `https://${data.link_domain}/`;
  return base + '0'.repeat(linkCodeLength);
}

/** The text of an SMS: details of the person and snippets can be put in; below it, what sending it takes. */
function MessageControl({ id, ui, value, beside, onChange, problems, disabled }: ControlProps) {
  const shortLink = useShortLink(beside('shorten_links') === true);
  const written = beside('utm');
  const links = useMemo(() => linkLook(shortLink, utmSchema.safeParse(written).data ?? null), [shortLink, written]);
  const said = beside('missing');
  const missing = useMemo(() => missingValuesSchema.safeParse(said).data ?? [], [said]);
  return (
    <MessageArea
      id={id}
      value={typeof value === 'string' ? value : ''}
      disabled={disabled}
      placeholder={ui?.placeholder === undefined ? undefined : tr(ui.placeholder)}
      links={links}
      missing={missing}
      onChange={onChange}
      {...described(id, problems)}
    />
  );
}

export const declared = {
  name: 'message',
  draws: ['text'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: MessageControl };
