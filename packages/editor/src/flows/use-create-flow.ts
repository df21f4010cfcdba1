import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { problemFrom } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import type { Starter } from './starters.ts';

/** Creates a flow and opens it, in its first blank field where it has one. */
export function useCreateFlow() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ starter, name }: { readonly starter: Starter; readonly name?: string }) => {
      const { createFlow } = await import('./starters.ts');
      return name === undefined ? createFlow(starter) : createFlow(starter, name);
    },
    onSuccess: ({ flow, firstStep }) =>
      void navigate({
        to: '/flows/$flowId',
        params: { flowId: flow.id },
        search: firstStep === null ? {} : { step: firstStep },
      }),
    onError: (error) => {
      const problem = problemFrom(error);
      toast.error(t('flows.create_failed'), { description: `${problem.title}. ${problem.action}` });
    },
  });
}
