import { expect } from 'vitest'
import { loadConfig } from '../../../../src/config/load.ts'
import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'chat' }

export const chat: Chapter = {
  title: 'Chat: ChatService',
  about: '',
  rows: [
    value(['class ChatService', 'def ChatService.__init__'], 'the routes below `/v1/conversations`', later),
    value(
      ['REDIS_HOST', 'REDIS_PORT'],
      '`QUEUE_URL=redis://host:port` of intake, relay and workers; apps need no Redis',
      async () => {
        const { queue } = loadConfig({ NODE_ENV: 'test', QUEUE_URL: 'redis://cache.internal:6380' })
        expect(queue).toMatchObject({ kind: 'redis', url: 'redis://cache.internal:6380' })
      },
    ),
    {
      guide: ['def ChatService.send_message', 'Message.recipient_id'],
      here: '`POST /v1/conversations`, then `POST /v1/conversations/{id}/messages`',
      jobs: ['chat.fan-out'],
      fields: '`{sender_id, content, client_message_id}`',
      errors: '403 for those who take no part',
      proof: later,
    },
    value(['calls notify_new_message'], 'nothing to call: devices and sockets are told', later),
    value(['Message.sender_id'], '`sender_id`', later),
    value(['Message.content'], '`content`', later),
    value(['Message.created_at'], '`created_at`; the order is `seq`, which has no ties', later),
    {
      guide: ['def ChatService.get_conversation'],
      here: '`GET /v1/conversations/{id}/messages?before=seq`',
      jobs: [],
      fields: '`{messages, next_cursor}`, newest first, 50 a page; nothing is skipped while new ones arrive',
      errors: '404 `no-such-entity`',
      proof: later,
    },
    {
      guide: ['def ChatService.translate_message'],
      here: '`POST /v1/translate`',
      jobs: ['chat.translate'],
      fields: '`{text, target_language}`',
      errors: 'without quota the original is shown',
      proof: later,
    },
    value(
      ['ChatService.translate_message: returns text'],
      '`text`, with the engine that made it; the original is kept',
      later,
    ),
  ],
}
