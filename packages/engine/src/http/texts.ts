import type { SuppressionReason } from '@signalbox/nodes/define/consent-codes';

/** The API's texts for people (English), by code. `{name}` stands for a value. Forms, lists and terminals show them as they are. */

/** What is wrong at a field, by the code that stands in a problem's `errors`. */
export const fieldTexts = {
  phone_empty: 'Enter a phone number.',
  phone_not_a_number: 'This is not a phone number.',
  phone_country_unknown: 'The country code does not exist.',
  phone_too_short: 'The number is too short.',
  phone_too_long: 'The number is too long.',
  phone_invalid: 'No such number can exist.',
  time_zone_invalid: 'Use a time zone name such as Europe/Berlin.',
  country_unknown: 'Use the two letters of a country, such as US or DE.',
  currency_unknown: 'Use the three letters of a currency, such as USD or EUR.',
  language_invalid: 'Use a language tag such as en or pt-BR.',
  host_name_invalid: 'Use a host name such as go.example.com, without https:// and without a path.',
  answer_without_stop: 'Say how to stop: “Reply STOP to unsubscribe.”',
  email_invalid: 'This is not an email address.',
  field_unknown: 'There is no field “{name}” here.',
  value_too_long: 'At most {limit} characters.',
  region_unknown: 'Choose one of the regions that are listed.',
  contact_unknown: 'There is no such contact.',
  programme_or_purpose: 'Name either a programme or a purpose.',
  programme_unknown: 'There is no such programme.',
  programme_archived: 'This programme is archived, so that nobody can sign up to it.',
  version_unknown: 'The programme has no such version.',
  question_missing: 'This version has no question that could be asked.',
  sign_up_needs_marketing: 'People sign up for marketing: choose a programme of that purpose.',
  web_address_invalid: 'Use an https address that the internet reaches, without a login in it.',
  question_needs_marketing: 'Only marketing has to be confirmed: a question needs a programme for marketing.',
  time_invalid: 'Use a time such as 2026-11-22T17:35:00Z.',
  condition_invalid: 'The condition does not fit: {message}',
  condition_field_unfit: 'Only details of the contact can be asked about here.',
  sender_invalid: 'Use a number in international form such as +12025550143, or a short code.',
  sender_name_invalid:
    'A name has 1 to 11 letters, digits and spaces, with at least one letter, and no space at either end.',
  route_unknown: 'This workspace has no such route; leave the id out for a new one.',
  sender_twice: 'The route has this sender already.',
  provider_unknown: 'There is no such provider.',
  media_unknown: 'There is no such picture; upload it first.',
  sender_unknown: 'No account of this workspace has this sender.',
  subject_missing: 'Name an account, a sender, a flow or a lane.',
  account_unknown: 'There is no such account.',
  flow_unknown: 'There is no such flow.',
  recipient_ambiguous: 'Name either “to” or “contact_id”.',
  send_at_invalid: 'Choose a moment within the next 90 days.',
  sender_kind_unfit: '{provider} does not offer this kind of sender. Use one of: {kinds}.',
  base_url_refused: 'Only the provider’s own address is allowed. Addresses of this machine are allowed in demo mode.',
  webhook_url_refused: 'Use an https address that the internet reaches, without a login in it.',
  event_type_unknown: 'There is no such event.',
  network_invalid: 'Use an address such as 203.0.113.7, or a network such as 203.0.113.0/24.',
  columns_missing: 'The row has more values than the first row has columns.',
  members_unnamed: 'Name either contacts or a filter.',
  snippet_key_missing: 'Give the snippet a key of small letters, digits and underscores, such as sign_off.',
  snippet_key_unfit: 'Only a snippet has a key.',
  template_version_unknown: 'There is no such version.',
  list_unknown: 'There is no such list or tag.',
  deleted_unnamed: 'Name either contacts or a deletion.',
  deleted_unknown: 'Nobody of this id is among the deleted.',
  arm_unknown: 'The test has no such arm.',
  segment_unknown: 'There is no such segment.',
  segment_circle: 'A segment cannot ask for itself, through another one neither.',
  code_pool_key_missing: 'Give the pool a key of small letters, digits and underscores, such as spring.',
  code_pattern_weak:
    'Codes like these can be guessed: write at least {places} of “#”, each of which becomes a random letter or digit.',
  goal_currency_unfit: 'Only a goal with a value has a currency.',
  cron_invalid: 'Use a line such as 0 9 * * 1: minute, hour, day of the month, month, weekday; not both kinds of days.',
  audience_empty: 'Choose who gets it.',
  schedule_past: 'Choose a moment that lies ahead.',
  schedule_never: 'It would never go out: choose another day, or a later end.',
  range_invalid: 'Use a time of at most 100 days that ends after it begins.',
  campaign_start_gone: 'The flow no longer begins with the campaign: add that step on the canvas.',
  campaign_message_gone: 'The message’s step is no longer in the flow: change it on the canvas.',
  external_id_taken: 'Somebody else has this external id.',
  contact_unnamed: 'Name somebody new by a number; by an external id alone only who is there already.',
  contact_twice: 'The same person stands further up already.',
  attribute_list_unknown: 'Several values are taken by fields of the type list alone.',
  field_text_unfit: 'Write this as a text.',
  field_number_unfit: 'Write this as a number such as 12.5.',
  field_money_unfit: 'Write this as an amount such as 12.50, with at most 9 digits before the point and 6 behind it.',
  field_date_unfit: 'Write this as a date such as 2026-11-30.',
  field_time_unfit: 'Write this as a time of day such as 09:30.',
  field_yes_no_unfit: 'Write this as yes or no.',
  field_choice_unfit: 'Choose one of: {options}.',
  field_list_unfit:
    'Write items with commas between them, at most 50 of 100 characters. Where there are options: {options}.',
  field_key_missing: 'Name a key: the label has no letters to make one of.',
  field_key_taken: 'Everybody has a field of this name already.',
  field_options_missing: 'A choice needs options to choose from.',
  field_options_unfit: 'Choices and lists alone have options.',
  field_currency_unfit: 'Money alone has a currency.',
  attributes_limit: 'A contact has at most 100 attributes, of 32 KB together.',
  csv_invalid: 'A quotation mark in this row is not closed, or has text after it.',
  text_invalid: 'The text holds a character that cannot be stored.',
  too_deep: 'The document is nested too deeply.',
} as const satisfies Record<string, string>;

export type FieldCode = keyof typeof fieldTexts;

/** Reasons the engine gives, by code; those of the node library and of the gate's rules have texts of their own. */
export const reasonTexts = {
  timed_out: 'No reply in time',
  replied: 'Replied',
  opted_out: 'Opted out',
  contact_deleted: 'This person was deleted',
  consent_taken_back: 'Withdrew consent to {purpose}',
  event_arrived: 'Event {event} came in',
  flow_stopped: 'The flow was stopped',
  flow_returned: 'The flow ended',
  workflow_returned: 'The flow’s code finished while this person was still in the flow',
  call_mismatch: 'The flow’s code took a different path than before',
  version_unreadable: 'This version of the flow cannot run right now; it continues as soon as it can',
  left_behind: 'The flow’s code went on without this person',
  not_begun: 'The flow never started for this person',
  already_in_flow: 'Already in the flow',
  answered_any: 'Answered automatically',
  answered_closed: 'Answered automatically: out of opening hours',
  answered_first: 'Answered automatically: first contact',
  answered_missed: 'Answered automatically: missed keyword',
  answered_today: 'Answered automatically within the last day already',
  answers_in_circles: 'Not answered: five automatic answers within a minute look like two machines talking',
  end_of_line: 'The flow ended here',
  expired: 'Could not be sent in the time that it was worth sending',
  given_up: 'Somebody gave the message up, as nobody knew whether it was sent',
  queue_canceled: 'Somebody took the message out of the queue',
  asked_too_often: 'Was asked to confirm twice within a month',
  erased: 'The text was erased before it was sent',
  media_address_refused: 'Its address is not one that may be asked',
  media_too_large: 'It is larger than 5 MB',
  media_too_slow: 'It took too long',
  media_denied: 'The provider did not hand it out',
  media_gone: 'The provider does not have it',
  media_unreachable: 'The provider could not be reached',
  media_type_refused: 'It is of a kind that is not kept',
  media_frame: 'It holds no more than the order of the others',
  outcome_unknown: 'The provider never said whether the message was sent',
  carrier_error: 'The carrier reported error {provider_code}',
  carrier_invalid_number: 'The carrier says that this number cannot be reached ({provider_code})',
  carrier_opted_out: 'This number has opted out with its carrier ({provider_code})',
  carrier_blocked: 'The carrier blocked the message ({provider_code})',
  carrier_unsupported: 'The carrier cannot deliver texts to this number ({provider_code})',
  carrier_sender: 'The carrier does not accept the sender ({provider_code})',
  carrier_throttled: 'The carrier was sent too much at once ({provider_code})',
  carrier_funds: 'The account had no funds left ({provider_code})',
  carrier_auth: 'The carrier did not accept the account ({provider_code})',
  carrier_transient: 'The phone could not be reached ({provider_code})',
  carrier_invalid_message: 'The carrier does not accept the text ({provider_code})',
  carrier_expired: 'The phone could not be reached in time ({provider_code})',
  carrier_unknown: 'The carrier cannot tell whether the message arrived ({provider_code})',
  scheduled: 'Waits for its time',
  step_failed: 'The step failed',
  text_limit_reached: 'Stopped after 20 texts of this flow within an hour',
  too_many_texts: 'Held after 20 texts of this flow within an hour. Resuming the flow lets them go on',
  data_error: 'A value could not be stored',
  attributes_limit: 'The contact would have more than 100 attributes, or more than 32 KB of them',
  node_threw: 'The step stopped with an error ({error})',
  loop: 'Stopped after {hops} steps in a loop',
  provider_refused: 'The provider refused the message',
  provider_invalid_number: 'The provider says that the number cannot be texted ({provider_code})',
  provider_opted_out: 'This number has opted out with its carrier ({provider_code})',
  provider_unsupported: 'The provider cannot send to this number ({provider_code})',
  provider_sender: 'The provider does not accept the sender ({provider_code})',
  provider_invalid_message: 'The provider does not accept the text ({provider_code})',
  provider_throttled: 'The provider asked to slow down ({provider_code})',
  provider_auth: 'The provider does not accept the account’s credentials ({provider_code})',
  provider_funds: 'The account has no funds ({provider_code})',
  provider_transient: 'The provider could not be reached ({provider_code})',
  provider_blocked: 'The carrier blocked the message ({provider_code})',
} as const satisfies Record<string, string>;

/** What keeps the file of a flow in code from being used, by the code shown. */
export const sourceTexts = {
  source_gone: {
    title: 'The file {path} is gone',
    action: 'Put it back and start Signalbox again, or archive the flow.',
  },
  source_broken: {
    title: 'The file {path} cannot be used: {detail}',
    action: 'Correct the file and start Signalbox again. A version that was good goes on until then.',
  },
} as const;

/** Why a flow paused itself. */
export const pauseTexts = {
  too_many_failed: {
    title: 'The flow paused itself: too many people failed at one step for the same reason ({reason})',
    action: 'Everyone waits before that step. Correct it, publish, and resume the flow.',
  },
} as const;

/** A reason that names the one behind it. */
export const reasonWithCause = '{reason}: {cause}';

/** Why a number may not be texted, as the cause in a reason. */
export const suppressionTexts = {
  keyword_stop: 'they texted an opt-out word',
  text_stop: 'they asked for no more messages',
  carrier: 'the carrier has them on its opt-out list',
  import: 'they opted out elsewhere, as an import says',
  blocked: 'the number is blocked',
} as const satisfies Record<SuppressionReason, string>;

/** What notices say besides what their kinds do, and the mails about them. */
export const noticeTexts = {
  unknown: 'A notice of a kind that this version does not know: {kind}',
  unknownAction: 'A newer version of Signalbox raised it and says what it is about.',
  mailSubject: '{workspace}: {about}',
  mailSeveral: '{count} notices',
  testSubject: '{workspace}: a test mail',
  testText:
    'Mails from Signalbox arrive. Somebody in “{workspace}” asked for this one. What the workspace is told of by mail: {link}',
  mailWhy: 'You get this because “{workspace}” has your address among those that are told. Change that here: {link}',
} as const;

/** The sign-in page. */
export const signInTexts = {
  title: 'Sign in to Signalbox',
  heading: 'Sign in on this browser',
  text: 'This link works once. It signs this browser in for 30 days.',
  button: 'Sign in',
  lockedText:
    'Open a sign-in link in this browser. Signalbox prints one where it was started; starting it again prints a fresh one:',
  lockedAgain: 'Look again',
  failedHeading: 'This link no longer works',
  failedText: 'A sign-in link works once, for 15 minutes. Run “npx pnpm start” again: it prints a fresh one.',
} as const;

/** The API page. */
export const apiPageTexts = {
  title: 'Signalbox API',
  intro:
    'JSON over HTTP under /api/v1. Make a token with “npx pnpm run token” and send it as “Authorization: Bearer …”. Lists come in pages: pass next_cursor back as cursor. Errors are problem documents (RFC 9457) with a stable code.',
  setUp: 'Before the examples',
  setUpText:
    'Run this once, in a shell in the folder where Signalbox is; every example below then runs as it stands. `BATCH_ID` stands in the answer that lets people into a flow. `If-Match: *` changes whatever is there; send the ETag that you read to change only that.',
  operations: 'Operations',
  schemas: 'Documents',
  needs: 'needs',
  parameters: 'Parameters',
  body: 'Body',
  answers: 'Answers',
  example: 'Example',
} as const;
