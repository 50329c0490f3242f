/** A text that the pages say; `f` is the file in which it stands. */
export interface Text {
  text: string;
  plural?: string;
  f: string;
}

export interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

export function sources(folder?: string): string[];
export function treeOf(file: string): { html?: Node; fragment: Node; instance: Node | null; module: Node | null };
export function walk(node: unknown, see: (node: Node) => boolean | undefined): void;
export function textsOf(file: string): Text[];
