import { app } from './en/app.ts';
import { campaigns } from './en/campaigns.ts';
import { codes } from './en/codes.ts';
import { consent } from './en/consent.ts';
import { contacts } from './en/contacts.ts';
import { conversations } from './en/conversations.ts';
import { deleted } from './en/deleted.ts';
import { fields } from './en/fields.ts';
import { flow } from './en/flow.ts';
import { flows } from './en/flows.ts';
import { forms } from './en/forms.ts';
import { goals } from './en/goals.ts';
import { lists } from './en/lists.ts';
import { messages } from './en/messages.ts';
import { notices } from './en/notices.ts';
import { queue } from './en/queue.ts';
import { replies } from './en/replies.ts';
import { routing } from './en/routing.ts';
import { rules } from './en/rules.ts';
import { segments } from './en/segments.ts';
import { settings } from './en/settings.ts';
import { signups } from './en/signups.ts';
import { spending } from './en/spending.ts';
import { templates } from './en/templates.ts';
import { tests } from './en/tests.ts';
import { timeline } from './en/timeline.ts';
import { webhooks } from './en/webhooks.ts';

/** Every text of the editor in English. `{name}` is filled in; texts that count have one form per plural category. */
export const en = {
  ...app,
  ...campaigns,
  ...flows,
  ...flow,
  ...forms,
  ...consent,
  ...contacts,
  ...deleted,
  ...fields,
  ...lists,
  ...segments,
  ...goals,
  ...signups,
  ...codes,
  ...conversations,
  ...messages,
  ...queue,
  ...notices,
  ...replies,
  ...routing,
  ...rules,
  ...settings,
  ...webhooks,
  ...spending,
  ...timeline,
  ...templates,
  ...tests,
} as const;
