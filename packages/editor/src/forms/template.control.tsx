import { summariseTemplate } from '@signalbox/nodes/templates/template-summary';
import { Link } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import { z } from 'zod';
import { useTemplates } from '../lib/templates.ts';
import { t } from '../lib/translate.ts';
import { Combobox } from '../ui/combobox.tsx';
import { Select } from '../ui/select.tsx';
import type { Control, ControlDeclaration, ControlProps } from './control-props.ts';

const templateSchema = z.object({
  id: z.string(),
  version: z.number().nullable().default(null),
  name: z.string().default(''),
});

/** A template, and whether the step goes on with its newest version or stays with one. */
function TemplateControl({ id, label, value, onChange, problems, disabled }: ControlProps) {
  const templates = useTemplates();
  const chosen = templateSchema.safeParse(value).data ?? null;
  const template = templates.find((each) => each.id === chosen?.id);
  const newest = Math.max(template?.newest ?? 0, chosen?.version ?? 0);
  return (
    <div className="flex flex-col gap-2">
      <Combobox
        id={id}
        label={label}
        value={chosen?.id ?? ''}
        choices={templates.map((each) => ({
          value: each.id,
          label: each.name,
          help: each.newest === null ? t('template.unpublished') : t('template.version_n', { n: each.newest }),
        }))}
        onChange={(next) =>
          onChange({ id: next, version: null, name: templates.find((each) => each.id === next)?.name ?? '' })
        }
        placeholder={t('template.choose')}
        search={t('template.search')}
        invalid={problems.some(({ severity }) => severity === 'error')}
        disabled={disabled}
      />
      {chosen === null ? null : (
        <>
          <Select
            label={t('template.which')}
            value={chosen.version === null ? 'newest' : String(chosen.version)}
            disabled={disabled}
            choices={[
              { value: 'newest', label: t('template.follow'), help: t('template.follow.help') },
              ...Array.from({ length: newest }, (_, at) => newest - at).map((number) => ({
                value: String(number),
                label: t('template.stay', { n: number }),
              })),
            ]}
            onChange={(next) =>
              onChange({
                ...chosen,
                name: template?.name ?? chosen.name,
                version: next === 'newest' ? null : Number(next),
              })
            }
          />
          {template === undefined ? null : (
            <p
              dir="auto"
              className="line-clamp-4 whitespace-pre-wrap rounded-md bg-sunken p-2.5 text-sm [overflow-wrap:anywhere]"
            >
              {summariseTemplate(template.text)}
            </p>
          )}
          <Link
            to="/messages/templates/$templateId"
            params={{ templateId: chosen.id }}
            className="inline-flex min-h-6 items-center gap-1.5 self-start rounded-sm text-action text-sm hover:underline"
          >
            <ExternalLink aria-hidden className="size-3.5" />
            {t('template.open')}
          </Link>
        </>
      )}
    </div>
  );
}

export const declared = {
  name: 'template',
  draws: ['{id, name, version}'],
} satisfies ControlDeclaration;

export const control: Control = { ...declared, component: TemplateControl };
