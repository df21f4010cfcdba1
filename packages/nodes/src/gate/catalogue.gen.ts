// Generated from the files beside by `pnpm catalogue`. Do not edit.
import { consent } from './consent.ts';
import type { GateRule } from './define-rule.ts';
import { sender } from './sender.ts';
import { suppression } from './suppression.ts';

/** Every rule of the gate. */
export const rules: readonly GateRule[] = [
  consent,
  sender,
  suppression,
];
