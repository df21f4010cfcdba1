// Generated from the files beside by `pnpm catalogue`. Do not edit.
import type { Ports } from '@signalbox/nodes/define/ports';
import type { CohortRow } from '../cohort-rows.ts';
import { consent } from './consent.ts';
import type { EffectContext } from './define-effect.ts';
import { events } from './events.ts';
import { hours } from './hours.ts';
import { messages } from './messages.ts';
import { profile } from './profile.ts';
import { templates } from './templates.ts';

/** Every port, opened for one step call. */
export function openEffects(context: EffectContext) {
  return {
    consent: consent.open(context),
    events: events.open(context),
    hours: hours.open(context),
    messages: messages.open(context),
    profile: profile.open(context),
    templates: templates.open(context),
  };
}

/** The ports of a step call, bound to one person. */
export function bindEffects(opened: ReturnType<typeof openEffects>, row: CohortRow): Ports {
  return {
    consent: opened.consent.bind(row),
    events: opened.events.bind(row),
    hours: opened.hours.bind(row),
    messages: opened.messages.bind(row),
    profile: opened.profile.bind(row),
    templates: opened.templates.bind(row),
  };
}
