// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { follow } from './list';

const item = (key: string, version: string, exported = 'none'): string =>
  `<article data-key="${key}" data-version="${version}" data-export="${exported}" data-when="then"><a id="${key}" href="#">${version}</a></article>`;

describe('the list of recordings', () => {
  let list: HTMLElement;

  beforeEach(() => {
    document.body.innerHTML = `<div>${item('a', '1')}${item('b', '1')}</div>`;
    list = document.querySelector('div') as HTMLElement;
  });

  it('leaves alone what has not changed', () => {
    const [first, second] = [...list.children];
    follow(list, `\n${item('a', '1')}\n${item('b', '2')}`);
    expect(list.children[0]).toBe(first);
    expect(list.children[1]).not.toBe(second);
    expect(list.children[1]?.textContent).toBe('2');
  });

  it('keeps the keyboard where it was', () => {
    document.getElementById('b')?.focus();
    follow(list, item('b', '2'));
    expect(document.activeElement).toBe(document.getElementById('b'));
    expect(list.children).toHaveLength(1);
  });

  it('tells an end of an export once', () => {
    follow(list, item('a', '2', 'running'));
    expect(follow(list, item('a', '3', 'ready'))).toEqual([{ when: 'then', export: 'ready' }]);
    expect(follow(list, item('a', '3', 'ready'))).toEqual([]);
  });

  it('tells nothing of what was ready or had failed before', () => {
    expect(follow(list, item('c', '1', 'ready') + item('d', '1', 'failed'))).toEqual([]);
  });
});
