import type { Template } from '@signalbox/engine/templates/contract';
import type { TemplateContent } from '@signalbox/nodes/templates/template-content';
import { Ellipsis, Plus, Star, Trash2 } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useState } from 'react';
import { MessageArea } from '../forms/message-area.tsx';
import { MissingFields } from '../forms/missing-fields.tsx';
import { t, tr } from '../lib/translate.ts';
import { languageChoices, languageName, otherLanguage } from '../people/languages.ts';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Section } from '../ui/section.tsx';

type Text = TemplateContent['texts'][number];

const tabLook =
  'inline-flex h-9 shrink-0 items-center gap-1.5 whitespace-nowrap px-2 font-medium text-ink-2 text-sm hover:text-ink data-[state=active]:text-action data-[state=active]:shadow-[inset_0_-2px_0_var(--action)] max-md:h-11';

/** The texts of a template, a tab for each language. */
export function LanguageTexts({
  template,
  content,
  onEdit,
}: {
  readonly template: Template;
  readonly content: TemplateContent;
  readonly onEdit: (content: TemplateContent) => void;
}) {
  const { default_language: own, texts } = content;
  const [chosen, setChosen] = useState(own);
  const [adding, setAdding] = useState(false);
  const shown = texts.some(({ language }) => language === chosen) ? chosen : own;
  const set = (language: string, change: Partial<Text>) =>
    onEdit({ ...content, texts: texts.map((text) => (text.language === language ? { ...text, ...change } : text)) });
  const add = (language: string) => {
    const from = texts.find((text) => text.language === own);
    onEdit({ ...content, texts: [...texts, { language, text: from?.text ?? '', missing: from?.missing ?? [] }] });
    setChosen(language);
    setAdding(false);
  };
  const actions = (
    <>
      {shown === own ? null : (
        <Menu
          trigger={
            <Button
              kind="ghost"
              size="icon-sm"
              aria-label={t('templates.language_more', { language: languageName(shown) })}
            >
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          <MenuItem icon={Star} onSelect={() => onEdit({ ...content, default_language: shown })}>
            {t('templates.make_default')}
          </MenuItem>
          <MenuItem
            icon={Trash2}
            danger
            onSelect={() => onEdit({ ...content, texts: texts.filter(({ language }) => language !== shown) })}
          >
            {t('templates.remove_language')}
          </MenuItem>
        </Menu>
      )}
      <Button size="sm" onClick={() => setAdding(true)}>
        <Plus aria-hidden />
        {t('templates.add_language')}
      </Button>
    </>
  );
  return (
    <Section title={t('templates.text')} text={t('templates.text.text')} actions={actions}>
      <Tabs.Root value={shown} onValueChange={setChosen}>
        <Tabs.List
          aria-label={t('templates.language')}
          className="thin-scroll mb-4 flex gap-1 overflow-x-auto border-line border-b"
        >
          {texts.map(({ language }) => (
            <Tabs.Trigger key={language} value={language} className={tabLook}>
              {languageName(language)}
              {language === own ? <span className="font-normal text-ink-3">{t('templates.default')}</span> : null}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {texts.map((text, index) => (
          <Tabs.Content key={text.language} value={text.language} className="outline-none">
            <TextFields
              text={text}
              problems={template.problems.filter(({ path }) => path[0] === 'texts' && path[1] === index)}
              takesSnippets={template.kind === 'template'}
              disabled={template.archived}
              onChange={(change) => set(text.language, change)}
            />
          </Tabs.Content>
        ))}
      </Tabs.Root>
      {adding ? (
        <LanguageDialog taken={texts.map(({ language }) => language)} onChoose={add} onClose={() => setAdding(false)} />
      ) : null}
    </Section>
  );
}

function TextFields({
  text: { language, text, missing },
  problems,
  takesSnippets,
  disabled,
  onChange,
}: {
  readonly text: Text;
  readonly problems: Template['problems'];
  readonly takesSnippets: boolean;
  readonly disabled: boolean;
  readonly onChange: (change: Partial<Text>) => void;
}) {
  const id = `text-${language}`;
  const notes = problems.map(({ severity, title, action }) => ({
    severity: severity === 'error' ? ('error' as const) : ('warning' as const),
    title: tr(title),
    action: tr(action),
  }));
  return (
    <div className="flex flex-col gap-5">
      <Field id={id} label={t('templates.message_in', { language: languageName(language) })} notes={notes}>
        <MessageArea
          id={id}
          lang={language}
          value={text}
          disabled={disabled}
          links={null}
          missing={missing}
          withSnippets={takesSnippets}
          placeholder={t('templates.text_hint')}
          onChange={(next) => onChange({ text: next })}
          aria-describedby={`${id}-problems`}
          aria-invalid={notes.some(({ severity }) => severity === 'error') || undefined}
        />
      </Field>
      <Field id={`${id}-missing`} label={t('templates.missing')} help={t('templates.missing.help')} group>
        <MissingFields
          id={`${id}-missing`}
          text={text}
          value={missing}
          disabled={disabled}
          onChange={(next) => onChange({ missing: next })}
        />
      </Field>
    </div>
  );
}

function LanguageDialog({
  taken,
  onChoose,
  onClose,
}: {
  readonly taken: readonly string[];
  readonly onChoose: (language: string) => void;
  readonly onClose: () => void;
}) {
  const free = (tag: string) => !taken.includes(tag);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('templates.add_language')}
      description={t('templates.add_language.text')}
      width="max-w-md"
    >
      <Combobox
        label={t('templates.language')}
        value=""
        choices={languageChoices.filter(({ value }) => free(value))}
        free={(text) => {
          const other = otherLanguage(text);
          return other !== null && free(other.value) ? other : null;
        }}
        placeholder={t('templates.choose_language')}
        search={t('templates.search_language')}
        onChange={onChoose}
      />
    </Dialog>
  );
}
