// A message's text: paragraphs, inline code, links and code blocks, as nodes; never as HTML.

import { type TextBlock, type TextNode, textBlocksOf } from '../../model/textBlocks.ts';
import { useSurroundings } from '../controls/surroundings.ts';
import { CodeBlock } from './CodeBlock.tsx';

export function MessageText({ text }: { readonly text: string }) {
  return <div class={`text${text.includes('\n') ? ' long' : ''}`}>{textBlocksOf(text).map(blockView)}</div>;
}

function blockView(block: TextBlock, at: number) {
  if (block.kind === 'codeBlock') return <CodeBlock key={at} language={block.language} text={block.text} />;
  return (
    <p key={at} dir="auto">
      {block.nodes.map(nodeView)}
    </p>
  );
}

function nodeView(node: TextNode, at: number) {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'code')
    return (
      <code key={at} dir="ltr">
        {node.text}
      </code>
    );
  return <Link key={at} text={node.text} url={node.url} />;
}

function Link({ text, url }: { readonly text: string; readonly url: string }) {
  const { send } = useSurroundings();
  const open = (event: Event) => {
    event.preventDefault();
    // The editor listens for clicks on links too and would open this one a second time.
    event.stopPropagation();
    send({ kind: 'openLink', url });
  };
  return (
    <a href={url} title={url} dir="ltr" onClick={open}>
      {text}
    </a>
  );
}
