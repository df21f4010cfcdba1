import { writtenFieldNames } from '@signalbox/nodes/define/contact-fields';
import type { FieldCode } from './texts.ts';

type ProblemText = {
  readonly status: 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415 | 422 | 428 | 500 | 502 | 503;
  readonly title: string;
  /** What to do about it. */
  readonly action: string;
};

/** Every problem that the API answers with, by its stable code. */
export const problemTable = {
  malformed_json: { status: 400, title: 'The body is not JSON', action: 'Send a JSON document in UTF-8.' },
  cursor_invalid: {
    status: 400,
    title: 'The cursor is not one of this list',
    action: 'Leave the cursor out to begin at the first page, or pass next_cursor as it was given.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not signed in',
    action: 'Open a sign-in link from “npx pnpm start”, or send a token from “npx pnpm run token”.',
  },
  read_only: {
    status: 403,
    title: 'This token may only read',
    action: 'Make one with “npx pnpm run token --scope full”.',
  },
  cross_site: {
    status: 403,
    title: 'The request came from another site',
    action:
      'With a cookie, requests that change something need the header “x-signalbox: 1” and must come from Signalbox’s own pages.',
  },
  not_found: { status: 404, title: 'Not found', action: 'Check the address. It may have been removed.' },
  flow_read_only: {
    status: 409,
    title: 'This flow is written in code',
    action: 'Change its file under workflows/ and start again.',
  },
  flow_state: {
    status: 409,
    title: 'The flow’s state does not allow this',
    action: 'Read the flow again: someone may have paused, stopped or published it.',
  },
  flow_not_live: { status: 409, title: 'The flow is not live', action: 'Publish it first.' },
  keyword_taken: {
    status: 409,
    title: 'Another flow was published with one of these keywords a moment ago',
    action: 'Choose another keyword, or stop that flow.',
  },
  cancel_begun: {
    status: 409,
    title: 'Messages are being taken out of the queue already',
    action: 'Look at the queue again to see what is left in it.',
  },
  retry_begun: {
    status: 409,
    title: 'These messages are being tried again already',
    action: 'Look at the queue again to see which of them still wait.',
  },
  outcome_known: {
    status: 409,
    title: 'What became of this message is known',
    action: 'Read the message again.',
  },
  contact_exists: {
    status: 409,
    title: 'A contact with this number already exists',
    action: 'Change that contact instead.',
  },
  contacts_changed: {
    status: 409,
    title: 'It is about other people now than you saw',
    action: 'Look at the list again, and at how many they are.',
  },
  contact_external_id_taken: {
    status: 409,
    title: 'Another contact has this external id',
    action: 'Change that contact, or take the id from it first.',
  },
  contact_list_exists: {
    status: 409,
    title: 'There is a list or a tag of this name already',
    action: 'Use that one, or choose another name.',
  },
  contact_lists_limit: {
    status: 409,
    title: 'A workspace has at most 1,000 lists and tags',
    action: 'Delete some that nobody uses.',
  },
  goal_exists: {
    status: 409,
    title: 'There is a goal of this name already',
    action: 'Choose another name, or change that goal.',
  },
  code_pool_exists: {
    status: 409,
    title: 'There is a pool of codes of this name or key already',
    action: 'Choose another name, or put the codes into that pool.',
  },
  code_pools_limit: {
    status: 409,
    title: 'A workspace has at most 200 pools of codes',
    action: 'Bring back one that is archived, and put codes into it.',
  },
  codes_limit: {
    status: 409,
    title: 'A pool has at most 1,000,000 codes',
    action: 'Add another pool.',
  },
  code_unknown: {
    status: 404,
    title: 'There is no such code',
    action: 'Compare it letter by letter: small letters are not large ones.',
  },
  code_not_given: {
    status: 409,
    title: 'Nobody was given this code',
    action: 'Look at who used it: a code that is still in its pool cannot have come from a message.',
  },
  goals_limit: {
    status: 409,
    title: 'A workspace has at most 100 goals',
    action: 'Rename and bring back one that is archived, or use one that is there.',
  },
  sign_up_forms_limit: {
    status: 409,
    title: 'A workspace has at most 100 sign-up forms',
    action: 'Change one that is turned off, and turn it on again.',
  },
  segment_exists: {
    status: 409,
    title: 'There is a segment of this name already',
    action: 'Use that one, or choose another name.',
  },
  segments_limit: {
    status: 409,
    title: 'A workspace has at most 200 segments',
    action: 'Delete some that nobody uses.',
  },
  test_over: {
    status: 409,
    title: 'The test is over',
    action: 'Look at how it ended.',
  },
  segment_in_use: {
    status: 409,
    title: 'The segment is in use',
    action:
      'Another segment asks for it, a live flow is started by it, or people of it are being let into a flow. Change those first.',
  },
  template_exists: {
    status: 409,
    title: 'There is a template or a snippet of this name already',
    action: 'Use that one, or choose another name.',
  },
  templates_limit: {
    status: 409,
    title: 'A workspace has at most 1,000 templates and snippets',
    action: 'Change one that nobody uses instead.',
  },
  template_archived: {
    status: 409,
    title: 'The template is archived',
    action: 'Bring it back from the archive first.',
  },
  campaign_state: {
    status: 409,
    title: 'The campaign’s state does not allow this',
    action: 'Read the campaign again: someone may have launched, paused or canceled it.',
  },
  contact_field_exists: {
    status: 409,
    title: 'There is a field with this key already',
    action: 'Change that field, or bring it back where it is retired. Otherwise choose another key.',
  },
  contact_fields_limit: {
    status: 409,
    title: 'A workspace has at most 200 fields',
    action: 'Change a field that is there: retired ones count as well.',
  },
  contact_attributes_limit: {
    status: 422,
    title: 'A contact has at most 100 attributes, of 32 KB together',
    action: 'Remove some, by setting them to null, or shorten them.',
  },
  suppression_theirs: {
    status: 409,
    title: 'This opt-out is the person’s own, and only they can take it back',
    action: 'They text START to one of your numbers. What you blocked or imported yourself can be lifted.',
  },
  provider_missing: {
    status: 409,
    title: 'This version of Signalbox does not know the account’s provider',
    action: 'Start a version that has it.',
  },
  addresses_are_signed: {
    status: 409,
    title: 'This provider signs its requests, so its addresses are no secret',
    action: 'Change the secret that it signs with instead.',
  },
  webhook_disabled: {
    status: 409,
    title: 'The webhook is disabled',
    action: 'Enable it first.',
  },
  webhook_limit: {
    status: 409,
    title: 'A workspace has at most 20 webhooks',
    action: 'Remove one of them first.',
  },
  event_erased: {
    status: 409,
    title: 'There is nothing left of this event to send',
    action: 'The person whom it was about was erased.',
  },
  media_not_lost: {
    status: 409,
    title: 'There is nothing to fetch again',
    action: 'It is here, on its way, or of a kind that is not kept.',
  },
  last_sender: {
    status: 409,
    title: 'An account keeps one sender at least',
    action: 'Add another one first.',
  },
  sender_taken: {
    status: 409,
    title: 'A sender belongs to another account',
    action: 'Remove it from this account, or from the other one.',
  },
  idempotency_in_progress: {
    status: 409,
    title: 'A request with this Idempotency-Key is under way',
    action: 'Wait for its answer, or ask again in a moment.',
  },
  stale: {
    status: 412,
    title: 'It has changed since you last read it',
    action: 'Look at “current”, apply your change to it, and send its revision as If-Match.',
  },
  body_too_large: { status: 413, title: 'The body is too large', action: 'Send less at a time.' },
  content_type: {
    status: 415,
    title: 'The content type is not supported here',
    action: 'Send application/json, text/csv to an import, or a picture where one is uploaded.',
  },
  media_type: {
    status: 415,
    title: 'This is no picture that can be sent',
    action: 'Send a JPEG, PNG or GIF.',
  },
  validation_failed: {
    status: 422,
    title: 'Something in the request does not fit',
    action: 'Correct the fields that “errors” names.',
  },
  template_has_problems: {
    status: 422,
    title: 'The template has problems that keep it from being published',
    action: 'Correct the problems that are listed.',
  },
  flow_has_problems: {
    status: 422,
    title: 'The flow has problems',
    action: 'Correct those in “problems” that are errors, then publish again.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key was used for another request',
    action: 'Use a new key for a new request.',
  },
  import_not_utf8: {
    status: 422,
    title: 'The file is not UTF-8',
    action: 'Save it as “CSV UTF-8” and import it again: in any other encoding letters with accents would change.',
  },
  import_columns: {
    status: 422,
    title: 'The first line must name the columns, and just one of them “phone”',
    action: `Use columns such as phone (or Mobile), ${writtenFieldNames.join(', ')}.`,
  },
  import_header_too_long: {
    status: 422,
    title: 'The first line of the file is longer than 64 KB',
    action: 'Name the columns in the first line, and end each line with a line break.',
  },
  import_too_many_rows: { status: 422, title: 'The file has more than 100,000 lines', action: 'Split it.' },
  revision_required: {
    status: 428,
    title: 'The revision is missing',
    action: 'Send the ETag you last read as If-Match.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    action: 'Try again. If it keeps happening, look for the request id in the log.',
  },
  carrier_unreachable: {
    status: 502,
    title: 'The demo carrier is not answering',
    action: 'Start Signalbox again.',
  },
  unavailable: { status: 503, title: 'The database is not answering', action: 'Try again in a moment.' },
} as const satisfies Record<string, ProblemText>;

export type ProblemCode = keyof typeof problemTable;

export type ProblemErrorEntry = {
  readonly path: ReadonlyArray<string | number>;
  readonly code: string;
  readonly message: string;
};

export type ProblemDetails = {
  /** What is particular to this case; the title and the action say the rest. */
  readonly detail?: string;
  readonly errors?: readonly ProblemErrorEntry[];
  /** Problems of a flow graph. */
  readonly problems?: readonly unknown[];
  /** With `stale`: the document as it stands. */
  readonly current?: unknown;
};

/** Thrown anywhere in a request; the answer is the table's problem with these details. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(problemTable[code].title);
    this.code = code;
    this.details = details;
  }
}

/** A refusal at one field; `code` stands in the catalogue of texts. */
export function fieldProblem(path: ReadonlyArray<string | number>, code: FieldCode, message: string): ProblemError {
  return new ProblemError('validation_failed', { errors: [{ path, code, message }] });
}

/** The wire body of a problem. */
export function problemBody(code: ProblemCode, requestId: string, details: ProblemDetails = {}) {
  const { status, title, action } = problemTable[code];
  return { type: `urn:signalbox:problem:${code}`, title, status, code, action, request_id: requestId, ...details };
}
