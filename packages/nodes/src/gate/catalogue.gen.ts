// Generated from the files beside by `pnpm catalogue`. Do not edit.
import { brandCaps } from './brand-caps.ts';
import { consent } from './consent.ts';
import { content } from './content.ts';
import { countries } from './countries.ts';
import type { GateRule } from './define-rule.ts';
import { frequencyCaps } from './frequency-caps.ts';
import { media } from './media.ts';
import { openingHours } from './opening-hours.ts';
import { quietHours } from './quiet-hours.ts';
import { registration } from './registration.ts';
import { sender } from './sender.ts';
import { spending } from './spending.ts';
import { suppression } from './suppression.ts';

/** Every rule of the gate. */
export const rules: readonly GateRule[] = [
  brandCaps,
  consent,
  content,
  countries,
  frequencyCaps,
  media,
  openingHours,
  quietHours,
  registration,
  sender,
  spending,
  suppression,
];
