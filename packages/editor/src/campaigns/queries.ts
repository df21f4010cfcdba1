import type {
  Campaign,
  CampaignCalendar,
  CampaignCheck,
  CampaignResults,
  CampaignSummary,
} from '@signalbox/engine/campaigns/contract';
import type { Test } from '@signalbox/engine/experiments/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Page, query, request } from '../lib/api.ts';
import { paged, pageSize, queryClient } from '../lib/queries.ts';

export type CampaignsSearch = {
  readonly search?: string | undefined;
  readonly state?: string | undefined;
  readonly archived?: boolean | undefined;
};

/** Campaigns, the last changed first, a page at a time. */
export const campaignsQuery = (search: CampaignsSearch) =>
  paged<Page<CampaignSummary>>(
    ['campaigns', 'list', search],
    (cursor) => `/campaigns${query({ ...search, cursor, limit: pageSize })}`,
  );

export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaign', id],
    queryFn: ({ signal }) => request<Campaign>('GET', `/campaigns/${id}`, { signal }),
  });

/** What would become of a campaign as it is saved; what was shown stays until the answer is there. */
export const checkQuery = (id: string, revision: number) =>
  queryOptions({
    queryKey: ['campaign-check', id, revision],
    queryFn: ({ signal }) => request<CampaignCheck>('POST', `/campaigns/${id}/check`, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
    staleTime: 30_000,
  });

/** Counted from messages: read again where the campaign begins or ends, and when somebody comes back to it. */
export const resultsQuery = (id: string) =>
  queryOptions({
    staleTime: 30_000,
    refetchOnMount: true,
    queryKey: ['campaign-results', id],
    queryFn: ({ signal }) => request<CampaignResults>('GET', `/campaigns/${id}/results`, { signal }),
  });

/** The A/B tests of a flow, the latest begun first. */
export const campaignTestsQuery = (flowId: string) =>
  queryOptions({
    queryKey: ['campaign-tests', flowId],
    queryFn: async ({ signal }) =>
      (await request<Page<Test>>('GET', `/tests${query({ flow_id: flowId, limit: 20 })}`, { signal })).data,
  });

export const calendarQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['campaigns', 'calendar', from, to],
    queryFn: async ({ signal }) =>
      (await request<CampaignCalendar>('GET', `/campaign-calendar${query({ from, to })}`, { signal })).data,
    placeholderData: keepPreviousData,
  });

/** Writes the answer to a change where every part of the screen reads it. */
export function showCampaign(campaign: Campaign): void {
  queryClient.setQueryData(campaignQuery(campaign.id).queryKey, campaign);
  void queryClient.invalidateQueries({ queryKey: ['campaigns'] });
}
