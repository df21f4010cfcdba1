import type { Workspace } from '@signalbox/engine/access/contract';
import type { TestMailResult } from '@signalbox/engine/notices/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck, MailX } from 'lucide-react';
import { useState } from 'react';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { linesOf } from '../lib/lines-of.ts';
import { t } from '../lib/translate.ts';
import { useWorkspaceChange, workspaceQuery } from '../lib/workspace.ts';
import { Button } from '../ui/button.tsx';
import { Field, FieldProblem, FormProblem } from '../ui/field.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { Signal } from '../ui/signal.tsx';
import { ErrorState, Skeleton } from '../ui/states.tsx';

/** Whom notices are mailed to, and what is missing where none go out. */
export function NoticeMails() {
  const workspace = useQuery(workspaceQuery);
  return (
    <Section title={t('notices.mail')} text={t('notices.mail.text')}>
      {workspace.isPending ? <Skeleton className="h-28" /> : null}
      {workspace.isError ? (
        <ErrorState problem={problemFrom(workspace.error)} onRetry={() => void workspace.refetch()} />
      ) : null}
      {workspace.data === undefined ? null : (
        <>
          <MailForm workspace={workspace.data} />
          <TestMail known={workspace.data.notice_emails[0] ?? ''} />
        </>
      )}
    </Section>
  );
}

function MailForm({ workspace }: { readonly workspace: Workspace }) {
  const before = workspace.notice_emails.join('\n');
  // What is being written, over the addresses as they are now.
  const [edited, setEdited] = useState<string | null>(null);
  const save = useWorkspaceChange(workspace, () => setEdited(null));
  const problem = save.isError ? problemFrom(save.error) : null;
  const placed = (problem?.errors ?? [])
    .map(({ path }) => path.join('.'))
    .filter((path) => path.startsWith('notice_emails'));
  const above = formNote(problem, placed, {
    title: t('settings.changed_elsewhere'),
    action: t('settings.save_again'),
  });
  const written = linesOf(edited ?? before);
  // Which of the lines is none is said with the line.
  const notes = placed.flatMap((path) =>
    fieldNotes(problem, path).map((note) => {
      const line = written[Number(path.split('.')[1])];
      return line === undefined ? note : { ...note, title: t('notices.mail.wrong', { line, problem: note.title }) };
    }),
  );
  const dirty = edited !== null && edited !== before;
  return (
    <form
      className="flex flex-col gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ notice_emails: written });
      }}
    >
      {workspace.sends_mail ? null : (
        <div className="flex gap-2.5 rounded-md bg-wait-soft px-3 py-2.5 text-sm">
          <MailX aria-hidden className="mt-0.5 size-4 shrink-0 text-wait" />
          <p className="text-pretty">
            <strong className="font-semibold">{t('notices.mail.off')}</strong> {t('notices.mail.off.text')}{' '}
            <code className="font-mono text-xs [overflow-wrap:anywhere]">{t('notices.mail.off.example')}</code>
          </p>
        </div>
      )}
      <FormProblem note={above} />
      <Field id="notice-emails" label={t('notices.mail.to')} help={t('notices.mail.to.help')} notes={notes}>
        <Textarea
          id="notice-emails"
          rows={3}
          value={edited ?? before}
          spellCheck={false}
          autoCapitalize="none"
          aria-invalid={notes.length > 0 || undefined}
          aria-describedby="notice-emails-help notice-emails-problems"
          onChange={(event) => setEdited(event.target.value)}
        />
      </Field>
      <div className="flex gap-2">
        <Button type="submit" disabled={!dirty || save.isPending}>
          {t('notices.mail.save')}
        </Button>
        {dirty ? (
          <Button kind="ghost" onClick={() => setEdited(null)}>
            {t('action.discard')}
          </Button>
        ) : null}
      </div>
    </form>
  );
}

/** Sends one mail, and says what became of it in the relay's own words. */
function TestMail({ known }: { readonly known: string }) {
  const [written, setWritten] = useState<string | null>(null);
  const to = (written ?? known).trim();
  const send = useMutation({
    mutationFn: (address: string) => request<TestMailResult>('POST', '/notices/test-mail', { body: { to: address } }),
  });
  const problem = send.isError ? problemFrom(send.error) : null;
  const notes = fieldNotes(problem, 'to');
  const above = formNote(problem, ['to'], { title: t('settings.changed_elsewhere'), action: t('settings.save_again') });
  return (
    <form
      className="mt-5 flex flex-col gap-3 border-line border-t pt-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate(to);
      }}
    >
      <Field id="test-mail" label={t('notices.test.to')} help={t('notices.test.help')} notes={notes}>
        <Input
          id="test-mail"
          type="email"
          autoComplete="email"
          value={written ?? known}
          aria-invalid={notes.length > 0 || undefined}
          aria-describedby="test-mail-help test-mail-problems"
          onChange={(event) => setWritten(event.target.value)}
        />
      </Field>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" disabled={to === '' || send.isPending}>
          {t('notices.test.send')}
        </Button>
        <span aria-live="polite" className="text-sm">
          {send.isPending ? <span className="text-ink-2">{t('notices.test.sending')}</span> : null}
          {send.data?.ok === true ? (
            <Signal tone="live" icon={CircleCheck}>
              {t('notices.test.sent', { to: send.variables ?? '' })}
            </Signal>
          ) : null}
        </span>
      </div>
      {send.data?.ok === false ? (
        <div role="alert">
          <FieldProblem note={{ severity: 'error', ...refusal(send.data) }} />
        </div>
      ) : null}
      <FormProblem note={above} />
    </form>
  );
}

function refusal({ code, said, missing }: TestMailResult): { readonly title: string; readonly action: string } {
  if (missing.length > 0)
    return { title: t('notices.test.missing', { settings: missing.join(', ') }), action: t('notices.test.set') };
  return {
    title: t('notices.test.refused', { code: code ?? '' }),
    action: said === null ? t('notices.test.look') : t('notices.test.said', { said }),
  };
}
