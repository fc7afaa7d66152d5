import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EarlyAnswers, textOf, whenDone } from './early_answers';
import { LossyRequest } from './lossy_requests';

beforeEach(() => {
  LossyRequest.sent = [];
  vi.stubGlobal('XMLHttpRequest', LossyRequest);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('asks once, with credentials, and gives the answer to the first who comes', () => {
  const early = new EarlyAnswers();
  early.ask('7.1.m4s');
  early.ask('7.1.m4s');
  expect(LossyRequest.sent).toHaveLength(1);
  expect(LossyRequest.to('7.1.m4s').withCredentials).toBe(true);
  LossyRequest.to('7.1.m4s').answer('part');
  const answer = early.take('7.1.m4s');
  expect(answer && textOf(answer)).toBe('part');
  expect(early.take('7.1.m4s')).toBeUndefined();
});

it('gives away an answer that is still to come', () => {
  const early = new EarlyAnswers();
  early.ask('7.1.m4s');
  const answer = early.take('7.1.m4s');
  const done = vi.fn();
  if (answer) whenDone(answer, done);
  expect(done).not.toHaveBeenCalled();
  LossyRequest.to('7.1.m4s').answer('part');
  expect(done).toHaveBeenCalledOnce();
});

it('leaves a refused one to the plain way', () => {
  const early = new EarlyAnswers();
  early.ask('7.1.m4s');
  LossyRequest.to('7.1.m4s').answer('', 404);
  expect(early.take('7.1.m4s')).toBeUndefined();
});

it('tells the text of an answer and still keeps it', async () => {
  const early = new EarlyAnswers();
  const text = early.text('media.m3u8');
  LossyRequest.to('media.m3u8').answer('#EXTM3U');
  expect(await text).toBe('#EXTM3U');
  expect(early.take('media.m3u8')).toBeDefined();
});

it('never keeps more than its limit, and makes room for new ones in time', () => {
  const early = new EarlyAnswers();
  for (let part = 0; part < 100; part += 1) early.ask(`${part}.m4s`);
  const most = LossyRequest.sent.length;
  expect(most).toBeLessThan(30);
  for (const request of LossyRequest.sent) request.answer('part');
  early.ask('late.m4s');
  expect(LossyRequest.sent).toHaveLength(most);
  vi.advanceTimersByTime(8001);
  early.ask('late.m4s');
  expect(LossyRequest.sent).toHaveLength(most + 1);
});

it('aborts what is under way when it is cleared', () => {
  const early = new EarlyAnswers();
  early.ask('7.1.m4s');
  early.clear();
  expect(LossyRequest.to('7.1.m4s').aborted).toBe(true);
  expect(early.take('7.1.m4s')).toBeUndefined();
});
