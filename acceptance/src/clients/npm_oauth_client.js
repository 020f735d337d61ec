// npm "oauth": one JSON command a line in, one JSON answer a line out.
'use strict';

const readline = require('readline');
const { OAuth } = require('oauth');

let settings;

function client(callback) {
  return new OAuth(settings.request, settings.access, settings.consumer, settings.credential,
      '1.0', callback, settings.signing);
}

function refused(error) {
  return { refused: String(error.data), status: error.statusCode };
}

const commands = {
  request_token(command, answer) {
    client(command.callback).getOAuthRequestToken((error, token, secret) =>
        answer(error ? refused(error) : { token, secret }));
  },
  authorization_url(command, answer) {
    const url = new URL(settings.authorize);
    url.searchParams.set('oauth_token', command.token);
    answer({ url: url.href });
  },
  access_token(command, answer) {
    client(null).getOAuthAccessToken(command.token, command.secret, command.verifier,
        (error, token, secret) => answer(error ? refused(error) : { token, secret }));
  },
  call(command, answer) {
    const oauth = client(null);
    oauth.setClientOptions({ followRedirects: false });
    const extra = command.token ? null : { oauth_token: '' };
    oauth._performSecureRequest(command.token || null, command.secret, command.method, command.url,
        extra, command.method === 'POST' ? '' : null, null, (error, body, response) => error
            ? answer({ status: error.statusCode, body: String(error.data || error) })
            : answer({ status: response.statusCode, body }));
  },
};

const lines = readline.createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const command = JSON.parse(line);
  if (!settings) {
    settings = command;
    return;
  }
  commands[command.do](command, (answer) => console.log(JSON.stringify(answer)));
});
lines.on('close', () => process.exit(0));
