import { z } from 'zod';
import { type Decision, fail, next, refusedBy, untilSettled } from '../../define/decision.ts';
import { type ConfigProblem, defineNode, type RunContext } from '../../define/define-node.ts';
import { longestSource, missingValuesSchema } from '../../define/message-text.ts';
import type { FoundText, Lane, Ports } from '../../define/ports.ts';
import type { GeneralProblemCode } from '../../define/problems.ts';
import { utmSchema } from '../../define/utm.ts';
import { codesIn } from '../../templates/codes.ts';
import { type FilledIn, fillIn } from '../../templates/fill-in.ts';
import { snippetsIn } from '../../templates/snippets.ts';
import { TemplateError } from '../../templates/template-error.ts';
import { lengthProblems, longestMessage } from '../../templates/template-length.ts';
import { messageProblems } from '../../templates/template-problems.ts';
import { summariseTemplate } from '../../templates/template-summary.ts';
import { checkTemplate } from '../../templates/templates.ts';
import { cutText } from '../../text/format-message.ts';
import { reckonedShortLink, replaceLinks } from '../../text/links.ts';
import { linkLook, markLinks } from '../../text/utm.ts';

/** A message this soon after the person's own text is an answer to it. */
const answerMs = 5 * 60_000;

const config = z
  .object({
    source: z
      .enum(['text', 'template'])
      .default('text')
      .meta({
        ui: {
          label: 'What is sent',
          control: 'select',
          options: [
            { value: 'text', label: 'A text written here' },
            { value: 'template', label: 'A template', help: 'In each person’s language. Several flows can send it.' },
          ],
        },
      }),
    text: z
      .string()
      .max(longestSource)
      .default('')
      .meta({
        ui: {
          label: 'Message',
          help: 'Personal details go in double braces, with a default for people without one.',
          placeholder: "Hello {{ contact.first_name | default: 'there' }}",
          control: 'message',
          visible: { field: 'source', equals: 'text' },
        },
      }),
    missing: missingValuesSchema.default([]).meta({
      ui: {
        label: 'Where something is not known',
        control: 'missing-values',
        visible: { field: 'source', equals: 'text' },
      },
    }),
    template: z
      .strictObject({
        id: z.string().regex(/^tpl_[0-9a-hjkmnp-tv-z]{26}$/),
        version: z.int().min(1).max(1_000_000).nullable().default(null),
        /** What it was called when it was chosen: cards show it, and nothing is found by it. */
        name: z.string().max(80).default(''),
      })
      .nullable()
      .default(null)
      .meta({
        ui: { label: 'Template', control: 'template', visible: { field: 'source', equals: 'template' } },
      }),
    purpose: z
      .enum(['marketing', 'transactional'])
      .default('marketing')
      .meta({
        ui: {
          label: 'Purpose',
          control: 'select',
          options: [
            {
              value: 'marketing',
              label: 'Marketing',
              help: 'Offers and news. Sent only to people who agreed to them.',
            },
            { value: 'transactional', label: 'Transactional', help: 'What someone asked for or needs to know.' },
          ],
        },
      }),
    media: z
      .array(z.string().regex(/^med_[0-9a-hjkmnp-tv-z]{26}$/))
      .max(10)
      .default([])
      .meta({
        ui: {
          label: 'Pictures',
          help: 'They go with the text as one MMS, from a sender whose provider sends pictures. JPEG, PNG or GIF, at most 5 MB.',
          control: 'pictures',
        },
      }),
    shorten_links: z
      .boolean()
      .default(false)
      .meta({
        ui: {
          label: 'Shorten links',
          help: 'Every link becomes a short one of the person’s own, so that you see who followed it.',
          control: 'toggle',
        },
      }),
    utm: utmSchema.default(null).meta({
      ui: {
        label: 'UTM parameters',
        help: 'They tell the page that a link leads to where people came from. What a link says of it already stays.',
        control: 'utm',
      },
    }),
  })
  .superRefine(({ source, text, template }, context) => {
    if (source === 'text' && text === '')
      context.addIssue({
        code: 'too_small',
        origin: 'string',
        minimum: 1,
        inclusive: true,
        path: ['text'],
        input: text,
      });
    if (source === 'template' && template === null)
      context.addIssue({ code: 'invalid_type', expected: 'object', path: ['template'], input: undefined });
  });

type Config = z.infer<typeof config>;

/**
 * Sends a text. The person stays here until the message was accepted or finally refused.
 *
 * @example { text: "Welcome {{ contact.first_name | default: 'there' }}", purpose: 'marketing' }
 */
export const sendSms = defineNode({
  type: 'send-sms',
  version: 1,
  title: 'Send SMS',
  group: 'message',
  icon: 'send',
  docs: 'Sends a text message, filled in for each person. People go on by “Sent” once the carrier has accepted the message, and by “Not sent” if it was refused.',
  effect: 'message',
  config,
  summary: ({ source, text, template, media }) =>
    `${media.length === 0 ? '' : media.length === 1 ? 'Picture: ' : `${media.length} pictures: `}${source === 'text' ? cutText(summariseTemplate(text), 90) : templateSummary(template)}`,
  outlets: () => [
    { id: 'sent', label: 'Sent' },
    { id: 'not_sent', label: 'Not sent', mayStayOpen: true },
  ],
  texts: ({ source, text, template }) =>
    source === 'text'
      ? [
          ...snippetsIn(text).map((snippet) => ({ path: ['text'], snippet })),
          ...poolsIn(text).map((codePool) => ({ path: ['text'], codePool })),
        ]
      : template === null
        ? []
        : [{ path: ['template'], template }],
  consent: ({ purpose }) => ({ kind: 'needs', purpose }),
  reasons: {
    message_empty: 'The message was empty once it was filled in',
    message_too_long: 'The message was {characters} characters long; the limit is {limit}',
  },
  check: textProblems,
  run: send,
});

/** Which template, and which version of it. */
function templateSummary(template: Config['template']): string {
  const name = template === null || template.name === '' ? 'A template' : `“${cutText(template.name, 60)}”`;
  return template?.version == null ? `${name}, its newest version` : `${name}, version ${template.version}`;
}

async function send({
  config: { purpose, media, shorten_links: shortenLinks, utm, ...said },
  contact,
  event,
  now,
  zone,
  ports,
}: RunContext<Config>): Promise<
  Decision<'template_failed' | 'template_gone' | 'value_missing' | 'message_empty' | 'message_too_long'>
> {
  let found: FoundText | null;
  let filled: FilledIn;
  try {
    found = await textOf(said, contact.language, ports);
    if (found === null) return fail({ code: 'template_gone' });
    const pools = codesIn(found.text);
    const codes = pools.length === 0 ? {} : await ports.codes.give(pools);
    filled = fillIn(found, { contact, event, now, zone, codes });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return fail({ code: 'template_failed', values: { problem: error.code, message: error.message } });
  }
  if (filled.kind === 'skip') return next('not_sent', { code: 'value_missing', values: { variable: filled.variable } });
  const { gaps } = filled;
  const text = utm === null ? filled.text : markLinks(filled.text, utm);
  if (text === '') return fail({ code: 'message_empty' });
  const { length } = shortenLinks ? replaceLinks(text, () => reckonedShortLink) : text;
  if (length > longestMessage)
    return fail({ code: 'message_too_long', values: { characters: length, limit: longestMessage } });

  const answer = event?.type === 'message.received' && now.getTime() - event.occurred_at.getTime() <= answerMs;
  const lane: Lane = purpose === 'transactional' ? 'transactional' : answer ? 'reply' : 'journey';
  const outcome = await ports.messages.queue({
    text,
    purpose,
    lane,
    ...(media.length === 0 ? {} : { media }),
    ...(shortenLinks ? { shortenLinks } : {}),
    ...(found.of === null ? {} : { template: { ...found.of, gaps: gaps.length > 0 } }),
  });
  if ('refused' in outcome) return refusedBy('not_sent', outcome);
  return untilSettled(outcome.queued, { sent: 'sent', notSent: 'not_sent' });
}

/** The pools of codes that a text names; none of one that cannot be read, which is a problem of its own. */
const poolsIn = (text: string): string[] => (checkTemplate(text) === null ? codesIn(text) : []);

type Said = Pick<Config, 'source' | 'text' | 'missing' | 'template'>;

/** What the step says: as it is written here, unless it names snippets, or as the template has it for somebody of that language. */
async function textOf(
  { source, text, missing, template }: Said,
  language: string | null,
  ports: Ports,
): Promise<FoundText | null> {
  if (source === 'template') return template === null ? null : ports.templates.find({ template }, language);
  const written = { text, missing };
  return snippetsIn(text).length === 0 ? { ...written, of: null } : ports.templates.find({ written }, language);
}

function textProblems({ source, text, missing, shorten_links, utm }: Config): Array<ConfigProblem<GeneralProblemCode>> {
  if (source === 'template') return [];
  const path = ['text'];
  const found = messageProblems({ text, missing }, { text: path, missing: ['missing'] });
  return found.some(({ code }) => code === 'template_invalid')
    ? found
    : [...found, ...lengthProblems({ text, missing }, path, linkLook(shorten_links ? reckonedShortLink : null, utm))];
}
