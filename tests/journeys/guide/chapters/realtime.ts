import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'realtime' }

export const realtime: Chapter = {
  title: 'Websocket',
  about: 'Sockets will carry hints; what they tell is in the database and can be fetched after a cut.',
  rows: [
    {
      guide: ['socket on connect', 'def handle_connect', 'calls join_room'],
      here: 'socket.io with a short-lived token of `POST /v1/realtime/tokens`; the room `user_<id>` is joined by the server',
      jobs: [],
      fields: '`auth: {token}`',
      errors: 'refused without a valid token, ended when it expires',
      proof: later,
    },
    value(['socket emits status'], 'event `status`', later),
    value(['handle_connect: status'], '`status` = `connected`', later),
    {
      guide: ['socket on message', 'def handle_message', 'handle_message: recipient_id'],
      here: '`POST /v1/conversations/{id}/messages`; who receives it is decided by the conversation, not by the sender’s `recipient_id`',
      jobs: ['chat.fan-out'],
      fields: '`{message, client_message_id}`',
      errors: '403 for those who take no part',
      proof: later,
    },
    value(['socket emits new_message'], 'event `new_message`, also to the sender’s other devices', later),
    value(['handle_message: sender_id', 'ChatMessage.sender_id'], '`sender_id`', later),
    value(['handle_message: message', 'ChatMessage.content'], '`message`', later),
    value(['handle_message: timestamp', 'ChatMessage.created_at'], '`timestamp`, RFC 3339 in UTC', later),
    value(['ChatMessage.recipient_id'], 'the other members of the conversation', later),
  ],
}
