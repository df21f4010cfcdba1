import { z } from 'zod';
import { attributeField } from '../../define/attribute-name.ts';
import { type AttributeValue, isWritten, writtenField, writtenFieldNames } from '../../define/contact-fields.ts';
import { fail, next } from '../../define/decision.ts';
import { defineNode } from '../../define/define-node.ts';
import { TemplateError } from '../../templates/template-error.ts';
import { templateProblems } from '../../templates/template-problems.ts';
import { summariseTemplate } from '../../templates/template-summary.ts';
import { renderTemplate } from '../../templates/templates.ts';
import { formatCount, formatMessage } from '../../text/format-message.ts';

const longestValue = 500;

const config = z.object({
  assignments: z
    .array(
      z.object({
        field: z.string().regex(new RegExp(`^(?:${writtenFieldNames.join('|')})$|${attributeField.source}`), {
          error: 'A field of the contact, or attributes. and a name of letters, digits and underscores',
        }),
        /** A template. What comes out empty clears the field. */
        value: z.string().max(1_000),
      }),
    )
    .min(1)
    .max(20)
    .superRefine((assignments, context) => {
      assignments.forEach(({ field }, index) => {
        if (assignments.findIndex((assignment) => assignment.field === field) < index) {
          context.addIssue({ code: 'custom', message: 'This field is set twice', path: [index, 'field'] });
        }
      });
    })
    .meta({
      ui: {
        label: 'Fields to set',
        help: 'A value can use details in double braces. An empty value clears the field.',
        control: 'assignments',
      },
    }),
});

/**
 * Sets fields and attributes of the contact from templates over what was known when the step began.
 *
 * @example { assignments: [{ field: 'attributes.last_reply', value: '{{ reply.text }}' }] }
 */
export const updateContact = defineNode({
  type: 'update-contact',
  version: 1,
  title: 'Update contact',
  group: 'people',
  icon: 'user-pen',
  docs: 'Sets details of a person: their name, email, time zone or fields of your own. Later steps and branches see them.',
  effect: 'contact',
  config,
  summary: ({ assignments }) => {
    const [first] = assignments;
    if (first === undefined) return '';
    const field = first.field.replace(/^attributes\./, '').replaceAll('_', ' ');
    if (assignments.length > 1) return formatCount(assignments.length - 1, summaries.more, { field });
    return first.value.trim() === ''
      ? formatMessage(summaries.clear, { field })
      : formatMessage(summaries.set, { field, value: summariseTemplate(first.value) });
  },
  outlets: () => [{ id: 'next', label: 'Next' }],
  reasons: {
    contact_updated: 'Set {fields}',
    contact_value_invalid: 'The value does not fit the field {field}',
  },
  check: ({ assignments }) =>
    assignments.flatMap(({ value }, index) => templateProblems(value, ['assignments', index, 'value'])),
  run: async ({ config: { assignments }, contact, event, now, zone, ports }) => {
    const writes = new Map<string, AttributeValue>();
    for (const { field, value } of assignments) {
      try {
        const text = renderTemplate(value, { contact, event, now, zone }).trim();
        if (!isAcceptable(field, text)) return fail({ code: 'contact_value_invalid', values: { field } });
        const typed = isWritten(field) ? { value: text === '' ? null : text } : await ports.profile.typed(field, text);
        if (typed === null) return fail({ code: 'contact_value_invalid', values: { field } });
        writes.set(field, typed.value);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        return fail({ code: 'template_failed', values: { problem: error.code, message: error.message } });
      }
    }
    for (const [field, value] of writes) ports.profile.set(field, value);
    return next('next', { code: 'contact_updated', values: { fields: [...writes.keys()].join(', ') } });
  },
});

const summaries = {
  set: 'Set {field} to {value}',
  clear: 'Clear {field}',
  more: { one: 'Set {field} and {count} other field', other: 'Set {field} and {count} other fields' },
} as const;

function isAcceptable(field: string, text: string): boolean {
  if (text === '') return true;
  if (text.length > longestValue) return false;
  return !isWritten(field) || writtenField(field).accepts(text);
}
