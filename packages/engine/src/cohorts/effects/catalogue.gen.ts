// Generated from the files beside by `pnpm catalogue`. Do not edit.
import type { Ports } from '@signalbox/nodes/define/ports';
import type { CohortRow } from '../cohort-rows.ts';
import { codes } from './codes.ts';
import { consent } from './consent.ts';
import type { AtStep, EffectContext } from './define-effect.ts';
import { events } from './events.ts';
import { hours } from './hours.ts';
import { messages } from './messages.ts';
import { profile } from './profile.ts';
import { templates } from './templates.ts';
import { tests } from './tests.ts';

/** Every port, opened for one step call. */
export function openEffects(context: EffectContext) {
  return {
    codes: codes.open(context),
    consent: consent.open(context),
    events: events.open(context),
    hours: hours.open(context),
    messages: messages.open(context),
    profile: profile.open(context),
    templates: templates.open(context),
    tests: tests.open(context),
  };
}

/** The ports of a step call, bound to one person at a step. */
export function bindEffects(opened: ReturnType<typeof openEffects>, row: CohortRow, at: AtStep): Ports {
  return {
    codes: opened.codes.bind(row, at),
    consent: opened.consent.bind(row, at),
    events: opened.events.bind(row, at),
    hours: opened.hours.bind(row, at),
    messages: opened.messages.bind(row, at),
    profile: opened.profile.bind(row, at),
    templates: opened.templates.bind(row, at),
    tests: opened.tests.bind(row, at),
  };
}
