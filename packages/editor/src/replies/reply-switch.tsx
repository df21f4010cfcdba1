import type { FlowSummary } from '@signalbox/engine/flows/contract';
import { useMutation } from '@tanstack/react-query';
import { Power, PowerOff } from 'lucide-react';
import { toast } from 'sonner';
import { problemFrom } from '../lib/api.ts';
import { t } from '../lib/translate.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { turnReply } from './save-reply.ts';

/** Turns an answer on or off. */
export function ReplySwitch({ flow, name }: { readonly flow: FlowSummary; readonly name: string }) {
  const on = flow.state === 'live';
  const turn = useMutation({
    mutationFn: () => turnReply(flow, !on),
    onSuccess: () => toast.success(t(on ? 'replies.turned_off' : 'replies.saved', { name })),
    onError: (error) => {
      const { title, action } = problemFrom(error);
      toast.error(title, { description: action });
    },
  });
  return (
    <IconButton
      icon={on ? PowerOff : Power}
      label={t(on ? 'replies.turn_off' : 'replies.turn_on', { name })}
      disabled={turn.isPending}
      onClick={() => turn.mutate()}
    />
  );
}
