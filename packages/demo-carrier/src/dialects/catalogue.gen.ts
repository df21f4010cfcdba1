// Generated from the files beside by `pnpm catalogue`. Do not edit.
import { bandwidth } from './bandwidth.ts';
import { bird } from './bird.ts';
import { clicksend } from './clicksend.ts';
import type { Dialect } from './define-dialect.ts';
import { messagebird } from './messagebird.ts';
import { plivo } from './plivo.ts';
import { smsBroadcast } from './sms-broadcast.ts';
import { telstra } from './telstra.ts';
import { twilio } from './twilio.ts';
import { vonage } from './vonage.ts';

/** Every API that the carrier speaks. */
export const dialects: readonly Dialect[] = [
  bandwidth,
  bird,
  clicksend,
  messagebird,
  plivo,
  smsBroadcast,
  telstra,
  twilio,
  vonage,
];
