import type { Account, ProviderDescription } from '@signalbox/engine/accounts/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowLeft, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { JsonSchema } from '../flow-model/json-schema.ts';
import { problemFrom, request } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { useSession } from '../lib/session.ts';
import { t, tr } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Toggle } from '../ui/toggle.tsx';
import { AccountFields, fieldNames, firstValues } from './account-fields.tsx';
import { ProviderMark } from './provider-mark.tsx';
import { SenderInput } from './sender-input.tsx';
import { kindOfAddress } from './sender-kinds.ts';

type ConnectProps = { readonly providers: readonly ProviderDescription[]; readonly onClose: () => void };

/** Connects an account: first which provider, then what that one asks for. */
export function ConnectDialog({ providers, onClose }: ConnectProps) {
  const [chosen, setChosen] = useState<ProviderDescription | null>(null);
  const [search, setSearch] = useState('');
  if (chosen !== null) return <Details provider={chosen} onBack={() => setChosen(null)} onClose={onClose} />;
  const shown = providers.filter(({ title }) => title.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('connect.title')}
      description={t('connect.which.text')}
    >
      <SearchBox value={search} onChange={setSearch} label={t('connect.search')} className="mb-3" />
      {shown.length === 0 ? <p className="py-6 text-center text-ink-2">{t('connect.none_found')}</p> : null}
      <ul aria-label={t('connect.which')} className="grid gap-1 pb-1">
        {shown.map((provider) => (
          <li key={provider.type}>
            <button
              type="button"
              onClick={() => setChosen(provider)}
              className="flex min-h-12 w-full items-center gap-3 rounded-md px-2 py-1.5 text-left hover:bg-hover"
            >
              <ProviderMark title={provider.title} />
              <span className="min-w-0">
                <span className="block font-medium">{provider.title}</span>
                <span className="block truncate text-ink-3 text-sm">{whatItOffers(provider)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function whatItOffers({ capabilities, senders }: ProviderDescription): string {
  return [
    ...(senders.includes('alphanumeric') ? [t('connect.names')] : []),
    ...(capabilities.media ? [t('connect.media')] : []),
    ...(capabilities.signed ? [t('connect.signed')] : []),
  ].join(' · ');
}

function Details({
  provider,
  onBack,
  onClose,
}: {
  readonly provider: ProviderDescription;
  readonly onBack: () => void;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const demo = useSession()?.demo ?? null;
  const schema: JsonSchema = provider.fields_schema;
  const [name, setName] = useState(provider.title);
  const [fields, setFields] = useState(() => firstValues(schema));
  const [address, setAddress] = useState('');
  const [kind, setKind] = useState<string | null>(null);
  const [atDemo, setAtDemo] = useState(demo !== null);
  const senderKind = kind ?? kindOfAddress(address, provider.senders);
  const connect = useMutation({
    mutationFn: () =>
      request<Account>('POST', '/accounts', {
        body: {
          provider: provider.type,
          name,
          ...fields,
          ...(atDemo && demo !== null ? { base_url: demo.carrier_url } : {}),
          opt_out_handling: provider.capabilities.answers_opt_outs ? 'carrier' : 'signalbox',
          senders: [{ address: address.trim(), kind: senderKind }],
        },
        idempotencyKey: randomId(),
      }),
    onSuccess: (account) => {
      void queryClient.invalidateQueries({ queryKey: ['accounts'] });
      toast.success(t('providers.connected', { name: account.name }));
      onClose();
      void navigate({ to: '/settings/providers/$accountId', params: { accountId: account.id } });
    },
  });
  const problem = connect.isError ? problemFrom(connect.error) : null;
  const placed = ['name', ...fieldNames(schema), 'senders.0.address', 'senders.0.kind'];
  const above = formNote(problem, placed, { title: problem?.title ?? '', action: problem?.action ?? '' });
  const senderNotes = [...fieldNotes(problem, 'senders.0.address'), ...fieldNotes(problem, 'senders.0.kind')];
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('connect.details', { provider: provider.title })}
      footer={
        <>
          <Button kind="ghost" onClick={onBack} className="mr-auto">
            <ArrowLeft aria-hidden />
            <span className="max-sm:sr-only">{t('connect.back')}</span>
          </Button>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" type="submit" form="connect-form" disabled={connect.isPending}>
            {t('connect.go')}
          </Button>
        </>
      }
    >
      <form
        id="connect-form"
        className="flex flex-col gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          connect.mutate();
        }}
      >
        <FormProblem note={above} />
        {provider.unverified === null ? null : <Unverified text={provider.unverified} />}
        {demo === null ? null : (
          <Toggle
            id="connect-demo"
            label={t('connect.demo')}
            help={t('connect.demo.help')}
            checked={atDemo}
            onChange={setAtDemo}
          />
        )}
        <Field
          id="connect-name"
          label={t('connect.name')}
          help={t('connect.name.help')}
          notes={fieldNotes(problem, 'name')}
        >
          <Input
            id="connect-name"
            value={name}
            maxLength={80}
            autoComplete="off"
            aria-describedby="connect-name-help connect-name-problems"
            aria-invalid={fieldNotes(problem, 'name').length > 0 || undefined}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <AccountFields
          id="connect"
          schema={schema}
          secrets={provider.secrets}
          values={fields}
          onChange={setFields}
          problem={problem}
        />
        <Field id="connect-sender" label={t('connect.sender')} help={t('connect.sender.help')} notes={senderNotes}>
          <SenderInput
            id="connect-sender"
            provider={provider}
            address={address}
            kind={senderKind}
            onAddress={setAddress}
            onKind={setKind}
            describedBy="connect-sender-help connect-sender-problems"
            invalid={senderNotes.length > 0}
          />
        </Field>
      </form>
    </Dialog>
  );
}

/** What of a provider's interface no source confirms. */
export function Unverified({ text }: { readonly text: string }) {
  return (
    <p className="flex gap-2.5 rounded-md bg-wait-soft p-3 text-sm">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-wait" />
      <span>
        <strong className="font-semibold">{t('connect.unverified')}</strong> {tr(text)}
      </span>
    </p>
  );
}
