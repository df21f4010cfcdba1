import type { SignUpForm } from '@signalbox/engine/signups/contract';
import { useMutation } from '@tanstack/react-query';
import { CircleCheck, Code, ExternalLink, Link2, Pencil, Power } from 'lucide-react';
import { toast } from 'sonner';
import { problemFrom, problemLine, request } from '../lib/api.ts';
import { writeClipboard } from '../lib/clipboard.ts';
import { queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Signal } from '../ui/signal.tsx';
import { signUpFormsQuery } from './queries.ts';
import { snippetOf } from './snippet.ts';

async function copy(text: string, done: string): Promise<void> {
  if (await writeClipboard(text)) toast.success(done);
  else toast.error(t('signups.not_copied'));
}

/** One form: where it stands, whether people can sign up, and how many did. */
export function FormRow({ form, onEdit }: { readonly form: SignUpForm; readonly onEdit: () => void }) {
  const { id, name, title, url, enabled, hosts, agreement, sign_ups: signUps, consenting, revision } = form;
  const turn = useMutation({
    mutationFn: () => request<SignUpForm>('PATCH', `/sign-up-forms/${id}`, { body: { enabled: !enabled }, revision }),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: signUpFormsQuery.queryKey }),
    onError: (error) => toast.error(problemLine(problemFrom(error))),
  });
  return (
    <li className="flex flex-col gap-3 px-4 py-4 md:px-5">
      <div className="flex items-start gap-x-6 gap-y-1 max-md:flex-col">
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <h2 dir="auto" className="font-semibold [overflow-wrap:anywhere]">
              {name}
            </h2>
            <Signal tone={enabled ? 'live' : 'calm'} icon={enabled ? CircleCheck : Power}>
              {t(enabled ? 'signups.open' : 'signups.off')}
            </Signal>
          </div>
          <p dir="auto" className="mt-0.5 text-ink-2 text-sm [overflow-wrap:anywhere]">
            {title}
          </p>
          <p className="mt-0.5 font-mono text-ink-3 text-sm [overflow-wrap:anywhere]">
            <bdi>{url}</bdi>
          </p>
        </div>
        <div className="flex shrink-0 flex-col gap-1 md:items-end">
          <span className="num font-semibold">{t('signups.n', { n: signUps })}</span>
          <span className="num text-ink-2 text-sm">{t('signups.consenting', { n: consenting })}</span>
        </div>
      </div>
      <details className="text-sm">
        <summary className="min-h-6 cursor-pointer text-ink-2">{t('signups.agreement')}</summary>
        <p dir="auto" className="mt-1.5 whitespace-pre-line text-ink-2 [overflow-wrap:anywhere]">
          {agreement}
        </p>
      </details>
      <div className="flex flex-wrap gap-1.5">
        <Button size="sm" aria-label={t('signups.edit_of', { name })} onClick={onEdit}>
          <Pencil aria-hidden />
          {t('signups.edit')}
        </Button>
        <Button size="sm" asChild>
          <a href={url} target="_blank" rel="noopener noreferrer" aria-label={t('signups.open_page_of', { name })}>
            <ExternalLink aria-hidden />
            {t('signups.open_page')}
          </a>
        </Button>
        <Button
          size="sm"
          aria-label={t('signups.copy_address_of', { name })}
          onClick={() => void copy(url, t('signups.address_copied'))}
        >
          <Link2 aria-hidden />
          {t('signups.copy_address')}
        </Button>
        {hosts.length === 0 ? null : (
          <Button
            size="sm"
            aria-label={t('signups.copy_snippet_of', { name })}
            onClick={() => void copy(snippetOf(form), t('signups.snippet_copied'))}
          >
            <Code aria-hidden />
            {t('signups.copy_snippet')}
          </Button>
        )}
        <Button
          size="sm"
          aria-label={t(enabled ? 'signups.turn_off_of' : 'signups.turn_on_of', { name })}
          disabled={turn.isPending}
          onClick={() => turn.mutate()}
        >
          <Power aria-hidden />
          {t(enabled ? 'signups.turn_off' : 'signups.turn_on')}
        </Button>
      </div>
    </li>
  );
}
