// Generated from the files beside by `pnpm catalogue`. Do not edit.
import { answersInCircles } from './answers-in-circles.ts';
import { balanceLow } from './balance-low.ts';
import { codesLow } from './codes-low.ts';
import type { NoticeKind } from './define-notice.ts';
import { providerCredentialsRefused } from './provider-credentials-refused.ts';
import { providerDown } from './provider-down.ts';
import { senderExpiring } from './sender-expiring.ts';
import { senderRefused } from './sender-refused.ts';
import { spendingLimit } from './spending-limit.ts';
import { webhookDisabled } from './webhook-disabled.ts';

/** Every kind of notice. */
export const noticeKinds: readonly NoticeKind[] = [
  answersInCircles,
  balanceLow,
  codesLow,
  providerCredentialsRefused,
  providerDown,
  senderExpiring,
  senderRefused,
  spendingLimit,
  webhookDisabled,
];
