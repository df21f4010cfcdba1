// Generated from the files beside by `pnpm catalogue`. Do not edit.
import type { AnyNode } from '../define/define-node.ts';
import { end } from './end/end.ts';
import { branch } from './logic/branch.ts';
import { split } from './logic/split.ts';
import { test } from './logic/test.ts';
import { sendSms } from './message/send-sms.ts';
import { checkConsent } from './people/check-consent.ts';
import { recordConsent } from './people/record-consent.ts';
import { scoreEngagement } from './people/score-engagement.ts';
import { updateContact } from './people/update-contact.ts';
import { anyText } from './trigger/any-text.ts';
import { apiEvent } from './trigger/api-event.ts';
import { campaign } from './trigger/campaign.ts';
import { keyword } from './trigger/keyword.ts';
import { segment } from './trigger/segment.ts';
import { waitForReply } from './wait/wait-for-reply.ts';
import { wait } from './wait/wait.ts';

/** Every node of the library, by group and type. */
export const catalogue: readonly AnyNode[] = [
  end,
  branch,
  split,
  test,
  sendSms,
  checkConsent,
  recordConsent,
  scoreEngagement,
  updateContact,
  anyText,
  apiEvent,
  campaign,
  keyword,
  segment,
  waitForReply,
  wait,
];

/** The nodes by their wire name. */
export const nodeByType: ReadonlyMap<string, AnyNode> = new Map(catalogue.map((node) => [node.type, node]));

/** The nodes with their types: what flows in code derive their steps from. */
export type Library =
  | typeof end
  | typeof branch
  | typeof split
  | typeof test
  | typeof sendSms
  | typeof checkConsent
  | typeof recordConsent
  | typeof scoreEngagement
  | typeof updateContact
  | typeof anyText
  | typeof apiEvent
  | typeof campaign
  | typeof keyword
  | typeof segment
  | typeof waitForReply
  | typeof wait;
