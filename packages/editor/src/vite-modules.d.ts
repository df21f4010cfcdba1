declare module 'virtual:node-icons' {
  import type { LucideIcon } from 'lucide-react';

  /** Icons named by the node library, by their kebab-case lucide name. */
  export const nodeIcons: Readonly<Record<string, LucideIcon>>;
}
