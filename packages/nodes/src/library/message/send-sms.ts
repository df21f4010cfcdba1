import { z } from 'zod';
import { type Decision, fail, refusedBy, untilSettled } from '../../define/decision.ts';
import { type ConfigProblem, defineNode, type RunContext } from '../../define/define-node.ts';
import type { Lane } from '../../define/ports.ts';
import type { GeneralProblemCode } from '../../define/problems.ts';
import { TemplateError } from '../../templates/template-error.ts';
import { templateProblems, unreadable } from '../../templates/template-problems.ts';
import { measureSample, measureWorstCase, sampleData } from '../../templates/template-sample.ts';
import { summariseTemplate } from '../../templates/template-summary.ts';
import { renderTemplate, templateVariables } from '../../templates/templates.ts';
import { cutText } from '../../text/format-message.ts';
import { reckonedShortLink, replaceLinks } from '../../text/links.ts';

const longestText = 1_600;
/** A message this soon after the person's own text is an answer to it. */
const answerMs = 5 * 60_000;

const config = z.object({
  text: z
    .string()
    .min(1)
    .max(5_000)
    .meta({
      ui: {
        label: 'Message',
        help: 'Personal details go in double braces, with a default for people without one.',
        placeholder: "Hello {{ contact.first_name | default: 'there' }}",
        control: 'message',
      },
    }),
  purpose: z
    .enum(['marketing', 'transactional'])
    .default('marketing')
    .meta({
      ui: {
        label: 'Purpose',
        control: 'select',
        options: [
          { value: 'marketing', label: 'Marketing', help: 'Offers and news. Sent only to people who agreed to them.' },
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
  summary: ({ text, media }) =>
    `${media.length === 0 ? '' : media.length === 1 ? 'Picture: ' : `${media.length} pictures: `}${cutText(summariseTemplate(text), 90)}`,
  outlets: () => [
    { id: 'sent', label: 'Sent' },
    { id: 'not_sent', label: 'Not sent', mayStayOpen: true },
  ],
  consent: ({ purpose }) => ({ kind: 'needs', purpose }),
  reasons: {
    message_empty: 'The message was empty once it was filled in',
    message_too_long: 'The message was {characters} characters long; the limit is {limit}',
  },
  problems: {
    message_too_long: {
      severity: 'error',
      title: 'The message can reach {characters} characters; the limit is {limit}',
      fix: 'Shorten the message.',
    },
  },
  check: textProblems,
  run: send,
});

async function send({
  config: { text: source, purpose, media, shorten_links: shortenLinks },
  contact,
  event,
  now,
  zone,
  ports,
}: RunContext<Config>): Promise<Decision<'template_failed' | 'message_empty' | 'message_too_long'>> {
  let text: string;
  try {
    text = renderTemplate(source, { contact, event, now, zone }).trim();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return fail({ code: 'template_failed', values: { problem: error.code, message: error.message } });
  }
  if (text === '') return fail({ code: 'message_empty' });
  const { length } = shortenLinks ? replaceLinks(text, () => reckonedShortLink) : text;
  if (length > longestText)
    return fail({ code: 'message_too_long', values: { characters: length, limit: longestText } });

  const answer = event?.type === 'message.received' && now.getTime() - event.occurred_at.getTime() <= answerMs;
  const lane: Lane = purpose === 'transactional' ? 'transactional' : answer ? 'reply' : 'journey';
  const outcome = await ports.messages.queue({
    text,
    purpose,
    lane,
    ...(media.length === 0 ? {} : { media }),
    ...(shortenLinks ? { shortenLinks } : {}),
  });
  if ('refused' in outcome) return refusedBy('not_sent', outcome);
  return untilSettled(outcome.queued, { sent: 'sent', notSent: 'not_sent' });
}

function textProblems({ text, shorten_links }: Config): Array<ConfigProblem<GeneralProblemCode | 'message_too_long'>> {
  const path = ['text'];
  const found = templateProblems(text, path);
  return found.some(({ code }) => code === 'template_invalid')
    ? found
    : [...found, ...lengthProblems(text, path, shorten_links ? reckonedShortLink : null)];
}

/** Too long for everyone is an error; too long for someone with the longest names is a warning. */
function lengthProblems(
  text: string,
  path: readonly string[],
  shortLink: string | null,
): Array<ConfigProblem<'template_invalid' | 'message_too_long'>> {
  try {
    const sample = measureSample(text, sampleData, shortLink).text.length;
    const worst = Math.max(sample, measureWorstCase(text, templateVariables(text), {}, shortLink).text.length);
    if (worst <= longestText) return [];
    const values = { characters: worst, limit: longestText };
    return [{ code: 'message_too_long', path, values, severity: sample > longestText ? 'error' : 'warning' }];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return [unreadable(error, path)];
  }
}
