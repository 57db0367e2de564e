import assert from 'node:assert/strict';
import { chatPage } from '../../../src/extension/chat/chatPage.ts';

const parts = {
  script: 'https://cdn/dist/webview.js',
  highlighter: 'https://cdn/dist/highlighter.js',
  style: 'https://cdn/dist/webview.css',
  source: 'https://cdn',
  nonce: 'abc123',
  locale: 'fa',
  title: 'bob',
};

/** The policy's directives by name. */
function policyOf(html: string): Record<string, string> {
  const content = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
  return Object.fromEntries(
    content
      .split('; ')
      .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
  );
}

describe('the chat page', () => {
  it('allows one script, and styles, fonts and pictures from its own source; nothing else', () => {
    assert.deepEqual(policyOf(chatPage(parts)), {
      'default-src': "'none'",
      'script-src': "'nonce-abc123'",
      'style-src': 'https://cdn',
      'font-src': 'https://cdn',
      'img-src': 'https://cdn data:',
    });
  });

  it('has the element that the page script draws into, before the script', () => {
    const html = chatPage(parts);
    assert.ok(html.indexOf('id="root"') > 0);
    assert.ok(html.indexOf('id="root"') < html.indexOf('<script'));
  });

  it('is not opened up by a name', () => {
    const html = chatPage({ ...parts, title: '</title><script>alert(1)</script>"' });
    assert.equal(html.match(/<script/g)?.length, 1);
  });
});
