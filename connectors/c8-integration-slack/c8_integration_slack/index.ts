import { defineIntegration } from 'c8connector';
import manifest from '../package.json' with { type: 'json' };
import { actions } from './actions/index.ts';
import { check } from './check.ts';
import { config } from './config.ts';
import { escapeText } from './escape.ts';

/** Posts to Slack and reads from it, with the token of an app or, for posts alone, an incoming webhook. */
export class SlackIntegration extends defineIntegration({
  package: manifest,
  name: 'Slack',
  description: 'Posts, changes and reads messages of Slack, uploads files, and finds users and channels.',
  config,
  check,
  actions,
  escape: escapeText,
}) {}
