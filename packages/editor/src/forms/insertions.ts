import type { CodePool } from '@signalbox/engine/codes/contract';
import type { ContactField } from '@signalbox/engine/contacts/contract';
import type { TemplateEntry } from '@signalbox/engine/templates/contract';
import { contactFieldList } from '@signalbox/nodes/define/contact-fields';
import { insertedText } from '@signalbox/nodes/define/custom-fields';
import { codeText } from '@signalbox/nodes/templates/codes';
import { snippetText } from '@signalbox/nodes/templates/snippets';
import { allowedFilters } from '@signalbox/nodes/templates/template-engine';
import { t, tr } from '../lib/translate.ts';
import type { Completion } from './completion.ts';

/** What can be put into a message: details of the person, what brought them here, snippets, and codes. */
export const insertions = (
  own: readonly ContactField[],
  snippets: readonly TemplateEntry[] = [],
  pools: readonly CodePool[] = [],
) => [
  ...contactFieldList.flatMap(({ insert }) =>
    insert === null ? [] : [{ label: tr(insert.label), text: insert.text }],
  ),
  ...own.map((field) => ({ label: field.label, text: insertedText(field) })),
  { label: t('form.variable.attribute'), text: '{{ contact.attributes.name }}' },
  { label: t('form.variable.reply'), text: '{{ reply.text }}' },
  { label: t('form.variable.event'), text: '{{ event.data.name }}' },
  ...snippets.flatMap(({ key, name }) =>
    key === null ? [] : [{ label: t('form.snippet', { name }), text: snippetText({ key, version: null }) }],
  ),
  ...pools.map(({ key, name }) => ({ label: t('codes.of_pool', { name }), text: codeText(key) })),
];

/** What placeholders are completed with. */
export const completions = (
  own: readonly ContactField[],
  snippets: readonly TemplateEntry[],
  pools: readonly CodePool[] = [],
): readonly Completion[] => [
  ...contactFieldList.map(({ name, label }) => ({
    text: `contact.${name}`,
    label: tr(label),
    kind: 'variable' as const,
  })),
  ...own.map(({ key, label }) => ({ text: `contact.attributes.${key}`, label, kind: 'variable' as const })),
  { text: 'reply.text', label: t('form.variable.reply'), kind: 'variable' },
  { text: 'event.type', label: t('form.variable.event_type'), kind: 'variable' },
  { text: 'event.data.', label: t('form.variable.event'), kind: 'variable' },
  { text: 'now', label: t('form.variable.now'), kind: 'variable' },
  ...snippets.flatMap(({ key, name }) =>
    key === null ? [] : [{ text: `snippet.${key}`, label: name, kind: 'snippet' as const }],
  ),
  ...pools.map(({ key, name }) => ({
    text: `codes.${key}`,
    label: t('codes.of_pool', { name }),
    kind: 'variable' as const,
  })),
  ...allowedFilters.map((filter) => ({ text: filter, label: filter, kind: 'filter' as const })),
];

/** What people call a variable: its field's name, or itself. */
export function variableName(variable: string, own: readonly ContactField[]): string {
  const known = completions(own, []).find(({ text }) => text === variable);
  if (known !== undefined) return known.label;
  return variable.replace(/^(?:contact\.attributes|event\.data|codes)\./, '').replaceAll('_', ' ');
}
