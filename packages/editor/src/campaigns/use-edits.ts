import type { Campaign } from '@signalbox/engine/campaigns/contract';
import type { Problem } from '@signalbox/engine/http/contract';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { showCampaign } from './queries.ts';

/** What of a campaign is set on its screen. */
export type Settings = Pick<Campaign, 'audience' | 'schedule' | 'pace' | 'grows_until' | 'message'>;
export type Edits = Partial<Settings>;

export type Editing = {
  /** As it stands on the screen: what is saved, with what is not yet. */
  readonly shown: Settings;
  readonly edit: (edits: Edits) => void;
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  readonly problem: Problem | null;
  /** Resolves to the campaign as it is saved; null where that was refused. */
  readonly save: () => Promise<Campaign | null>;
  readonly discard: () => void;
};

const pauseMs = 700;

/** What is being changed of a campaign: of a draft it is saved by itself; what is under way changes when somebody says so. */
export function useEdits(campaign: Campaign): Editing {
  const [edits, setEdits] = useState<Edits>({});
  const latest = useRef({ edits, campaign });
  latest.current = { edits, campaign };
  const change = useMutation({
    mutationFn: ({ body, revision }: { readonly body: Edits; readonly revision: number }) =>
      request<Campaign>('PATCH', `/campaigns/${campaign.id}`, { body, revision }),
  });
  const { mutateAsync, reset } = change;
  const isDirty = Object.keys(edits).length > 0;
  const save = useCallback(async (): Promise<Campaign | null> => {
    const { edits: body, campaign: present } = latest.current;
    if (Object.keys(body).length === 0) return present;
    try {
      const saved = await mutateAsync({ body, revision: present.revision });
      showCampaign(saved);
      // What was edited while it was on its way waits for the next time.
      setEdits((now) =>
        Object.fromEntries(Object.entries(now).filter(([key, value]) => value !== Reflect.get(body, key))),
      );
      return saved;
    } catch {
      return null;
    }
  }, [mutateAsync]);
  const isDraft = campaign.state === 'draft';
  const refused = change.isError;
  useEffect(() => {
    if (!isDraft || Object.keys(edits).length === 0 || change.isPending || refused) return;
    const timer = setTimeout(() => void save(), pauseMs);
    return () => clearTimeout(timer);
  }, [edits, isDraft, change.isPending, refused, save]);
  useEffect(
    () => () => {
      if (latest.current.campaign.state === 'draft') void save();
    },
    [save],
  );
  return {
    shown: { ...campaign, ...edits },
    edit: (next) => {
      reset();
      setEdits((now) => ({ ...now, ...next }));
    },
    isDirty,
    isSaving: change.isPending,
    problem: change.isError ? problemFrom(change.error) : null,
    save,
    discard: () => {
      reset();
      setEdits({});
    },
  };
}
