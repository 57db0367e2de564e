import assert from 'node:assert/strict';
import { chatPage } from '../../../src/extension/chat/chatPage.ts';

const parts = {
  script: 'https://cdn/dist/webview.js',
  highlighter: 'https://cdn/dist/highlighter.js',
  style: 'https://cdn/dist/webview.css',
  source: 'https://cdn',
  nonce: 'abc123',
  locale: 'fa',
  words: { Open: 'گشودن', 'Say "{0}"': '«{0}» <بگو>' },
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

  it('speaks the language of its words, in its direction', () => {
    assert.match(chatPage(parts), /<html lang="fa" dir="rtl">/);
    assert.match(chatPage({ ...parts, locale: 'de' }), /<html lang="de" dir="ltr">/);
  });

  it('is English, from left to right, where there are no words in the language of the editor', () => {
    const html = chatPage({ ...parts, words: undefined });
    assert.match(html, /<html lang="en" dir="ltr">/);
    assert.ok(!html.includes('data-words'));
  });

  it('hands the words over as they are', () => {
    const written = /data-words="([^"]*)"/.exec(chatPage(parts))?.[1] ?? '';
    const entities: Record<string, string> = { '&quot;': '"', '&lt;': '<', '&gt;': '>', '&amp;': '&' };
    const read = written.replace(/&\w+;/g, (entity) => entities[entity] ?? entity);
    assert.deepEqual(JSON.parse(read), parts.words);
  });

  it('is not opened up by a name', () => {
    const html = chatPage({ ...parts, title: '</title><script>alert(1)</script>"' });
    assert.equal(html.match(/<script/g)?.length, 1);
  });
});
