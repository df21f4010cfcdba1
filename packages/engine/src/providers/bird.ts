import { z } from 'zod';
import type { OutgoingAnswer, OutgoingClient } from '../http/outgoing.ts';
import { guessedPaths, readBirdEvent, statuses } from './bird-events.ts';
import { statusClasses } from './messagebird-errors.ts';
import { acceptedBy, checkBalance, documentOf, outcomeOfSend, parseJson, refusedBy } from './outcomes.ts';
import { northAmerica, pictures } from './pictures.ts';
import { postJson } from './posts.ts';
import {
  type ConnectedAs,
  type Connection,
  defineProvider,
  type ErrorClass,
  type ListedMessage,
  type LookupAnswer,
  type LookupQuery,
  type OutboundSms,
  type SendOutcome,
} from './provider.ts';

/** A key as it goes into a header; what was pasted along with it goes. */
const headerKey = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,200}$/);
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const path = (label: string, guessed: string) =>
  z
    .string()
    .regex(/^[\w-]+(\.[\w-]+)*$/)
    .max(200)
    .default(guessed)
    .meta({
      ui: {
        label: `In events: ${label}`,
        help: 'Names joined by points. Change it where Bird has others.',
        control: 'text',
      },
    });

const fields = z.object({
  bird_workspace: uuid.meta({
    ui: { label: 'Workspace ID', help: 'In Bird’s address bar behind “workspaces”.', control: 'text' },
  }),
  bird_channel: uuid.meta({
    ui: { label: 'Channel ID', help: 'On the page of the channel in Bird.', control: 'text' },
  }),
  channel_number: z
    .string()
    .regex(/^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/)
    .meta({
      ui: {
        label: 'Number of the channel',
        help: 'The one sender of this account, written as among the senders.',
        placeholder: '+15550100',
        control: 'text',
      },
    }),
  access_key: headerKey.meta({
    ui: { label: 'Access key', help: 'In the settings of Bird under security.', control: 'text' },
  }),
  signing_key: z
    .string()
    .max(200)
    .default('')
    .meta({
      ui: {
        label: 'Signing key',
        help: 'Of the webhook subscription, if it has one. What is not signed with it is then put aside.',
        control: 'text',
      },
    }),
  path_channel: path('the channel', guessedPaths.path_channel),
  path_direction: path('the direction', guessedPaths.path_direction),
  path_id: path('the message’s ID', guessedPaths.path_id),
  path_reference: path('our reference', guessedPaths.path_reference),
  path_status: path('the status', guessedPaths.path_status),
  path_error: path('the failure', guessedPaths.path_error),
  path_from: path('who wrote', guessedPaths.path_from),
  path_text: path('the text', guessedPaths.path_text),
  path_images: path('the pictures', guessedPaths.path_images),
});

type Account = ConnectedAs<z.infer<typeof fields>>;

/** Bird's Channels API, for a channel of SMS: https://docs.bird.com/api/channels-api/supported-channels/programmable-sms */
export const bird = defineProvider({
  type: 'bird',
  title: 'Bird',
  baseUrl: 'https://api.bird.com',
  account: {
    fields,
    identity: 'bird_channel',
    secrets: ['access_key', 'signing_key'],
    example: {
      bird_workspace: 'a1405560-c8d3-4b1a-877d-3f449ad95352',
      bird_channel: '614208aa-b153-4d5d-9989-2fddfc0ce4c3',
      channel_number: '+15550100',
      access_key: 'the-access-key-of-the-account',
      signing_key: 'the-signing-key-of-the-subscription',
    },
  },
  senders: ['long_code', 'short_code', 'toll_free', 'alphanumeric'],
  // Only where the subscription has a signing key; which no contract of ours can know.
  capabilities: { media: true, signed: false, answersOptOuts: false, polls: false },
  unverified:
    'Bird does not document what its events look like: if texts do not arrive, the names in them can be changed here.',
  // Nine parts, as at the SMS platform below it.
  limits: {
    textLength: { gsm7: 1_377, ucs2: 603 },
    reference: 36,
    // https://docs.bird.com/applications/channels/channels/supported-channels/sms/concepts/mms-sizes-and-limitations: what is larger it makes
    // smaller, where it can, and says nothing where it cannot.
    media: {
      files: 10,
      bytes: 900_000,
      types: pictures(600_000),
      countries: northAmerica,
      bytesFrom: { alphanumeric: 0 },
    },
  },
  webhooks: { methods: ['POST'], acknowledgement: { contentType: 'application/json', body: '{}' } },
  demo: {
    known: ({ bird_workspace, access_key, signing_key }) => ({
      bird_workspace,
      access_key,
      ...(signing_key === '' ? {} : { signing_key }),
    }),
  },
  connect(account, http): Connection {
    return {
      send: (message, timeoutMs) => send(account, http, message, timeoutMs),
      lookup: (query, timeoutMs) => lookUp(account, http, query, timeoutMs),
      check: (timeoutMs) =>
        checkBalance(
          () => get(account, http, channelUrl(account), timeoutMs),
          (text) => {
            idSchema.parse(JSON.parse(text));
            // Bird tells no balance.
            return null;
          },
        ),
      read: (request) => [readBirdEvent(request, account.credentials)],
    };
  },
});

const idSchema = z.object({ id: z.string().min(1).max(64) });
/** (unverified) `details` has what is wrong by its place in the request. */
const errorSchema = z.object({
  code: z.string().max(64).catch(''),
  details: z.record(z.string(), z.unknown()).catch({}),
});
const listSchema = z.object({
  results: z.array(
    z.object({
      id: z.string().min(1).max(64),
      direction: z.string().optional(),
      reference: z.string().nullable().optional(),
      status: z.string(),
      createdAt: z.coerce.date(),
    }),
  ),
  nextPageToken: z.string().nullable().optional(),
});

const refusedPlaces: ReadonlyArray<readonly [RegExp, ErrorClass]> = [
  [/receiver|contacts/i, 'invalid_number'],
  [/sender|connector/i, 'sender'],
];

async function send(
  account: Account,
  http: OutgoingClient,
  { from, to, body, media, reference }: OutboundSms,
  timeoutMs: number,
): Promise<SendOutcome> {
  // The channel would send it all the same, from its own number.
  if (from !== account.credentials.channel_number)
    return { kind: 'refused', errorClass: 'sender', code: 'not_of_this_channel', retryAfterMs: null };
  const images = media.map(({ url }) => ({ mediaUrl: url }));
  const message = {
    receiver: { contacts: [{ identifierKey: 'phonenumber', identifierValue: to }] },
    body:
      images.length === 0
        ? { type: 'text', text: { text: body } }
        : { type: 'image', image: { images, ...(body === '' ? {} : { text: body }) } },
    reference,
  };
  const post = postJson(`${channelUrl(account)}/messages`, authorization(account), message, timeoutMs);
  return outcomeOfSend(() => http.request(post), sendOutcome);
}

/** Refusals go by their HTTP status: https://docs.bird.com/api/api-access/common-api-usage */
function sendOutcome(answer: OutgoingAnswer): SendOutcome {
  const { status } = answer;
  const json = parseJson(answer.text);
  if (status === 202) return acceptedBy(answer, idSchema.safeParse(json).data?.id);
  const byStatus = statusClasses.get(status);
  if (byStatus === undefined) return { kind: 'ambiguous', code: `http_${status}` };
  const { code = '', details = {} } = errorSchema.safeParse(json).data ?? {};
  const places = Object.keys(details).join(' ');
  const named = refusedPlaces.find(([words]) => byStatus === 'invalid_message' && words.test(places));
  return refusedBy(answer, named?.[1] ?? byStatus, code === '' ? undefined : code);
}

const pageSize = 100;
const mostPages = 20;

/**
 * Goes through the channel's messages; what the filter leaves in is compared here. It cannot tell where there is no end, or a message without
 * a field for references.
 *
 * @throws Error where the list cannot be read.
 */
async function lookUp(
  account: Account,
  http: OutgoingClient,
  { reference, since }: LookupQuery,
  timeoutMs: number,
): Promise<LookupAnswer> {
  const earliest = new Date(since.getTime() - 60_000);
  const found: ListedMessage[] = [];
  let token: string | null = '';
  let silent = false;
  for (let page = 0; token !== null; page += 1) {
    if (page === mostPages) return found.length > 0 ? found : 'cannot_tell';
    const query = new URLSearchParams({
      limit: String(pageSize),
      direction: 'outgoing',
      startAt: earliest.toISOString(),
      ...(token === '' ? {} : { pageToken: token }),
    });
    const answer = await get(account, http, `${channelUrl(account)}/messages?${query}`, timeoutMs);
    const list: z.infer<typeof listSchema> = documentOf(answer, listSchema, "Bird's message list");
    for (const { id, direction, reference: theirs, status, createdAt } of list.results) {
      if (direction === 'incoming' || createdAt < earliest) continue;
      silent ||= theirs === undefined;
      if (theirs === reference) found.push({ providerId: id, createdAt, status: statuses.get(status) ?? 'accepted' });
    }
    token = list.nextPageToken === undefined || list.nextPageToken === '' ? null : list.nextPageToken;
  }
  return found.length === 0 && silent ? 'cannot_tell' : found;
}

function channelUrl({ baseUrl, credentials }: Account): string {
  return `${baseUrl}/workspaces/${credentials.bird_workspace}/channels/${credentials.bird_channel}`;
}

function authorization({ credentials }: Account): { readonly authorization: string } {
  return { authorization: `AccessKey ${credentials.access_key}` };
}

function get(account: Account, http: OutgoingClient, url: string, timeoutMs: number): Promise<OutgoingAnswer> {
  return http.request({ method: 'GET', url, headers: authorization(account), timeoutMs });
}
