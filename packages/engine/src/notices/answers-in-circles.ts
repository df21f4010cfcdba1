import { z } from 'zod';
import { defineNotice } from './define-notice.ts';

/** A number and a flow of ours answer each other: its texts go to the inbox. Over once a flow answers it again, after a minute of quiet. */
export const answersInCircles = defineNotice({
  kind: 'answers_in_circles',
  severity: 'warning',
  values: z.object({}),
  title: () => 'A number got five automatic answers within a minute',
  action: () =>
    'Its further texts wait in the inbox. It may be a machine that answers: look at the conversation, and stop the flow or block the number.',
  remedy: (subject) => ({ label: 'Open conversation', path: `/conversations/${subject}` }),
});
