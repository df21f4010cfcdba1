/**
 * A template as a person reads it: `{{ contact.first_name | default: 'there' }}` becomes `[first name]`, and tags are left out.
 * For summaries; what is sent is rendered.
 */
export function summariseTemplate(source: string): string {
  return source
    .replace(/\{%[^{}]*%\}/g, '')
    .replace(/\{\{-?\s*([\w.]*)[^{}]*\}\}/g, (_whole, path: string) => `[${nameOf(path)}]`)
    .replace(/\s+/g, ' ')
    .trim();
}

/** `contact.first_name` is the first name; of other things it is said what they belong to, as in `reply text`. */
function nameOf(path: string): string {
  const name = path.replace(/^contact\.(?:attributes\.)?/, '').replace(/[._]+/g, ' ');
  return name.trim() === '' ? '…' : name;
}
