import type { Account, ProviderDescription } from '@signalbox/engine/accounts/contract';
import { useState } from 'react';
import { problemFrom } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { linesOf } from '../lib/lines-of.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input, Textarea } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { useAccountChange } from './use-account-change.ts';

type Props = { readonly account: Account; readonly provider: ProviderDescription };
type Edits = { readonly user?: string; readonly password?: string; readonly networks?: string };

/** What a provider that signs nothing proves itself with besides: a login, and where it calls from. */
export function AccountGuard({ account, provider }: Props) {
  const [edits, setEdits] = useState<Edits>({});
  const save = useAccountChange(account, () => t('account.saved'));
  const before = { user: account.webhooks.user ?? '', password: '', networks: account.webhooks.networks.join('\n') };
  const now = { ...before, ...edits };
  const loginChanged = now.user !== before.user || now.password !== '';
  const networksChanged = now.networks !== before.networks;
  const problem = save.isError ? problemFrom(save.error) : null;
  const placed = (problem?.errors ?? [])
    .map(({ path }) => path.join('.'))
    .filter((path) => path.startsWith('webhooks.'));
  const above = formNote(problem, placed, {
    title: t('account.changed_elsewhere'),
    action: t('account.save_again'),
  });
  const networkNotes = placed
    .filter((path) => path.startsWith('webhooks.networks'))
    .flatMap((path) => fieldNotes(problem, path));
  return (
    <Section title={t('account.guard', { provider: provider.title })} text={t('account.guard.text')}>
      <form
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const { user, password, networks } = now;
          const login = user === '' ? null : { user, password };
          const webhooks = {
            ...(loginChanged ? { login } : {}),
            ...(networksChanged ? { networks: linesOf(networks) } : {}),
          };
          save.mutate({ method: 'PATCH', body: { webhooks } }, { onSuccess: () => setEdits({}) });
        }}
      >
        <FormProblem note={above} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="guard-user" label={t('account.guard.user')} notes={fieldNotes(problem, 'webhooks.login.user')}>
            <Input
              id="guard-user"
              value={now.user}
              maxLength={100}
              autoComplete="off"
              aria-describedby="guard-user-problems"
              onChange={(event) => setEdits({ ...edits, user: event.target.value.trim() })}
            />
          </Field>
          <Field
            id="guard-password"
            label={t('account.guard.password')}
            notes={fieldNotes(problem, 'webhooks.login.password')}
          >
            <Input
              id="guard-password"
              type="password"
              value={now.password}
              maxLength={200}
              autoComplete="new-password"
              placeholder={account.webhooks.user === null ? undefined : t('account.secret.keep')}
              aria-describedby="guard-password-problems"
              onChange={(event) => setEdits({ ...edits, password: event.target.value })}
            />
          </Field>
        </div>
        <Field
          id="guard-networks"
          label={t('account.guard.networks')}
          help={t('account.guard.networks.help')}
          notes={networkNotes}
        >
          <Textarea
            id="guard-networks"
            rows={2}
            value={now.networks}
            placeholder="203.0.113.0/24"
            spellCheck={false}
            className="font-mono text-sm"
            aria-describedby="guard-networks-help guard-networks-problems"
            onChange={(event) => setEdits({ ...edits, networks: event.target.value })}
          />
        </Field>
        <div className="flex gap-2">
          <Button type="submit" disabled={(!loginChanged && !networksChanged) || save.isPending}>
            {t('account.guard.save')}
          </Button>
          {loginChanged || networksChanged ? (
            <Button kind="ghost" onClick={() => setEdits({})}>
              {t('action.discard')}
            </Button>
          ) : null}
        </div>
      </form>
    </Section>
  );
}
