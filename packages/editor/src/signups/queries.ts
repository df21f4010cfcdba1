import type { Programme } from '@signalbox/engine/programmes/contract';
import type { SignUpForm } from '@signalbox/engine/signups/contract';
import { queryOptions } from '@tanstack/react-query';
import { type Page, request } from '../lib/api.ts';

/** Every form, the newest first. */
export const signUpFormsQuery = queryOptions({
  queryKey: ['sign-up-forms'],
  queryFn: async ({ signal }) => (await request<Page<SignUpForm>>('GET', '/sign-up-forms', { signal })).data,
});

/** What people can sign up for. */
export const programmeChoicesQuery = queryOptions({
  queryKey: ['programmes', 'choices'],
  queryFn: async ({ signal }) => {
    const { data } = await request<Page<Programme>>('GET', '/consent/programmes?limit=200', { signal });
    return data.filter(({ purpose, archived }) => purpose === 'marketing' && !archived);
  },
});
