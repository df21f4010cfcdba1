/**
 * What the API's routes are about: the heading that each resource's routes stand under in the document, and what may be allowed or
 * withheld of it. This is the whole list: a route names what it needs of it, and whoever signs people in says who has what.
 */
export const resources = {
  accounts: { title: 'Accounts', permissions: ['read', 'write'] },
  audit: { title: 'Audit trail', permissions: ['read'] },
  campaigns: { title: 'Campaigns', permissions: ['read', 'write', 'run'] },
  changes: { title: 'Stream', permissions: ['read'] },
  consent: { title: 'Consent', permissions: ['read', 'write'] },
  contacts: { title: 'Contacts', permissions: ['read', 'write'] },
  demo: { title: 'Demo', permissions: ['write'] },
  enrollments: { title: 'Enrollments', permissions: ['read', 'write'] },
  events: { title: 'Events', permissions: ['write'] },
  flows: { title: 'Flows', permissions: ['read', 'write', 'publish', 'run'] },
  codes: { title: 'Codes', permissions: ['read', 'write'] },
  goals: { title: 'Goals', permissions: ['read', 'write'] },
  links: { title: 'Short links', permissions: [] },
  media: { title: 'Pictures', permissions: [] },
  messages: { title: 'Conversations', permissions: ['read', 'write'] },
  queue: { title: 'Queue', permissions: ['read', 'write'] },
  notices: { title: 'Notices', permissions: ['read', 'write'] },
  nodes: { title: 'Nodes', permissions: ['read'] },
  rules: { title: 'Compliance rules', permissions: ['read', 'write'] },
  sessions: { title: 'Session', permissions: [] },
  sign_up_forms: { title: 'Sign-up forms', permissions: ['read', 'write'] },
  templates: { title: 'Message templates', permissions: ['read', 'write'] },
  tests: { title: 'A/B tests', permissions: ['read', 'write'] },
  webhooks: { title: 'Webhooks', permissions: ['read', 'write'] },
  suppressions: { title: 'Suppression', permissions: ['read', 'write'] },
  workspace: { title: 'Workspace', permissions: ['read', 'write'] },
} as const satisfies Record<string, { readonly title: string; readonly permissions: readonly string[] }>;

export type Resource = keyof typeof resources;

/** `<resource>.<what may be done>`. */
export type Permission = { [R in Resource]: `${R}.${(typeof resources)[R]['permissions'][number]}` }[Resource];

/** What a route needs: a permission, or nothing but to be signed in. */
export type Needs = Permission | 'signed_in';

/** What a route does to its resource. */
export const verbs = [
  'list',
  'read',
  'follow',
  'create',
  'update',
  'delete',
  'restore',
  'erase',
  'send',
  'import',
  'publish',
  'start',
  'pause',
  'resume',
  'stop',
  'decide',
  'report',
  'handle',
  'check',
  'end',
  'rotate',
  'replay',
  'test',
] as const;
export type Verb = (typeof verbs)[number];
